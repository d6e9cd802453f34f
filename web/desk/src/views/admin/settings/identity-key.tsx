import type { gateway } from '@parley/client';
import { type ReactElement, useState } from 'react';
import { errorWords } from '../../../i18n/error-words.js';
import { Dialog } from '../../../ui/dialog.js';
import { FieldError } from '../../../ui/fields.js';
import { useDesk } from '../../../ui/hooks.js';
import { FormGroup } from '../form-group.js';
import { useAdminWords } from '../words.js';
import { newSigningKey, shownSecret } from './secrets.js';

/** The key with which the customer's server vouches for visitors: a new one, shown once. */
export const IdentityKey = ({
  tenant,
  again,
}: {
  tenant: gateway.Tenant;
  again: () => void;
}): ReactElement => {
  const { connection } = useDesk();
  const { t } = useAdminWords();
  const [asking, setAsking] = useState(false);
  const [refused, setRefused] = useState('');
  const [busy, setBusy] = useState(false);
  const rotate = async (): Promise<void> => {
    setBusy(true);
    const identityKey = newSigningKey();
    try {
      await connection.call('parley.gateway.v1.TenantService/UpdateTenant', {
        identityKey,
        expectedVersion: tenant.version ?? 0,
      });
      setAsking(false);
      shownSecret.update(() => ({
        title: 'identityKeyNew',
        lead: 'identityKeyLead',
        name: '',
        text: identityKey,
      }));
    } catch (error) {
      setRefused(errorWords(error, t));
    } finally {
      again();
      setBusy(false);
    }
  };
  return (
    <FormGroup title={t('identityKey')} lead={t('identityLead')}>
      <p>
        <button
          type="button"
          className="button"
          onClick={() => {
            setRefused('');
            setAsking(true);
          }}
        >
          {t('rotateKey')}
        </button>
      </p>
      {asking && (
        <Dialog label={t('rotateKey')} onClose={() => setAsking(false)}>
          <h2 className="dialog-title">{t('rotateTitle')}</h2>
          <p className="dialog-text">{t('rotateText')}</p>
          {refused && <FieldError error={refused} />}
          <div className="dialog-buttons">
            <button type="button" className="button" onClick={() => setAsking(false)}>
              {t('keep')}
            </button>
            <button type="button" className="button danger" disabled={busy} onClick={() => void rotate()}>
              {t('rotateKey')}
            </button>
          </div>
        </Dialog>
      )}
    </FormGroup>
  );
};
