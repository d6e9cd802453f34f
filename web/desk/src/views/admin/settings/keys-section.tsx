import { ApiError, type gateway } from '@parley/client';
import { type ReactElement, useCallback, useState } from 'react';
import { readPages } from '../../../desk/pages.js';
import { freeId } from '../../../state/admin/ids.js';
import { noProblems, problemsOf } from '../../../state/admin/problems.js';
import { CheckGroup, FieldError, TextField } from '../../../ui/fields.js';
import { useDesk } from '../../../ui/hooks.js';
import { Failure, Skeleton } from '../../../ui/parts.js';
import { useRemote } from '../../../ui/remote.js';
import { FormGroup } from '../form-group.js';
import { RemoveButton } from '../remove-button.js';
import { useAdminWords } from '../words.js';
import { shownSecret } from './secrets.js';

const SERVICE = 'parley.gateway.v1.TenantService';
/** Services that a key can be limited to. */
const SCOPES = [
  'conversation',
  'routing',
  'presence',
  'transcript',
  'analytics',
  'notification',
  'gateway',
] as const;

/** Keys by which programs call the API. */
export const KeysSection = (): ReactElement => {
  const { connection } = useDesk();
  const { t } = useAdminWords();
  const load = useCallback(
    () =>
      readPages(async (page) => {
        const { apiKeys, nextCursor } = await connection.call(`${SERVICE}/ListApiKeys`, { page });
        return { entries: apiKeys, nextCursor };
      }),
    [connection],
  );
  const [remote, again] = useRemote(load);
  if (remote.status === 'failed' && !remote.value)
    return <Failure title={t('keysFailed')} message={remote.message} retry={t('tryAgain')} again={again} />;
  if (!remote.value) return <Skeleton lines={8} />;
  return (
    <div className="entity-editor entity-alone">
      <div className="entity-fields">
        <p className="quiet">{t('keysLead')}</p>
        <Keys keys={remote.value} again={again} />
        <NewKey taken={remote.value.map(({ keyId = '' }) => keyId)} again={again} />
      </div>
    </div>
  );
};

const Keys = ({ keys, again }: { keys: readonly gateway.ApiKey[]; again: () => void }): ReactElement => {
  const { connection } = useDesk();
  const { t, formats } = useAdminWords();
  if (keys.length === 0) return <p className="entity-none quiet">{t('noKeys')}</p>;
  return (
    <ul className="api-keys">
      {keys.map(({ keyId = '', name = '', scopes = [], createdAt = '', revokedAt = '' }) => (
        <li key={keyId} className="api-key" data-revoked={revokedAt !== ''}>
          <span className="entity-name" dir="auto">
            {name}
          </span>
          <code className="entity-id">{keyId}</code>
          <span className="entity-detail">
            {revokedAt
              ? t('keyRevoked', { time: formats.moment(Date.parse(revokedAt)) })
              : t('keyMade', { time: formats.moment(Date.parse(createdAt)) })}
            {' · '}
            {scopes.includes('*') ? t('allScopes') : scopes.join(', ')}
          </span>
          {!revokedAt && (
            <RemoveButton
              label={t('revokeKey')}
              title={t('revokeTitle', { name })}
              text={t('revokeText')}
              remove={() => connection.call(`${SERVICE}/RevokeApiKey`, { keyId })}
              onRemoved={again}
            />
          )}
        </li>
      ))}
    </ul>
  );
};

const NewKey = ({ taken, again }: { taken: readonly string[]; again: () => void }): ReactElement => {
  const { connection } = useDesk();
  const { t } = useAdminWords();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>([]);
  const [problems, setProblems] = useState(noProblems);
  const [busy, setBusy] = useState(false);
  const create = async (): Promise<void> => {
    setBusy(true);
    try {
      const request = { keyId: freeId(name, new Set(taken)), name, scopes };
      const { secret = '' } = await connection.call(`${SERVICE}/CreateApiKey`, request);
      shownSecret.update(() => ({ title: 'keyOf', lead: 'keyLead', name, text: secret }));
      setName('');
      setScopes([]);
      setProblems(noProblems);
      again();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblems(problemsOf(error));
    } finally {
      setBusy(false);
    }
  };
  const whole = problems.get('');
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <FormGroup title={t('newKey')} lead={t('newKeyLead')}>
        <TextField
          label={t('name')}
          hint={t('keyNameHint')}
          error={problems.get('name')}
          required
          value={name}
          onChange={setName}
        />
        <CheckGroup
          label={t('scopes')}
          hint={t('scopesHint')}
          error={problems.get('scopes')}
          chosen={scopes}
          options={[['*', t('allScopes')], ...SCOPES.map((one): [string, string] => [one, one])]}
          onChange={setScopes}
        />
        {whole && <FieldError error={whole} />}
        <p>
          <button type="submit" className="button primary" disabled={busy}>
            {t('makeKey')}
          </button>
        </p>
      </FormGroup>
    </form>
  );
};
