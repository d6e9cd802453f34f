import { ApiError, type transcript } from '@parley/client';
import { type ReactElement, useCallback, useState } from 'react';
import { errorWords } from '../../../i18n/error-words.js';
import { NumberField } from '../../../ui/fields.js';
import { useDesk } from '../../../ui/hooks.js';
import { useRemote } from '../../../ui/remote.js';
import { FormGroup } from '../form-group.js';
import { useAdminWords } from '../words.js';

const SERVICE = 'parley.transcript.v1.TranscriptService';
const MOST_DAYS = 36_500;

/** After how long the content of closed conversations is erased. */
export const RetentionField = (): ReactElement => {
  const { connection } = useDesk();
  const { t } = useAdminWords();
  const load = useCallback(
    async () => (await connection.call(`${SERVICE}/GetRetention`, {})).retention ?? {},
    [connection],
  );
  const [remote, again] = useRemote(load);
  const failed = remote.status === 'failed' ? remote.message : undefined;
  return (
    <FormGroup title={t('retention')} lead={t('retentionLead')}>
      {remote.value ? (
        <Days key={remote.value.days ?? 0} stored={remote.value} again={again} />
      ) : (
        <p className="quiet">{failed ?? t('loading')}</p>
      )}
    </FormGroup>
  );
};

const Days = ({ stored, again }: { stored: transcript.Retention; again: () => void }): ReactElement => {
  const { connection, notices } = useDesk();
  const { t } = useAdminWords();
  const [days, setDays] = useState(stored.days ?? 0);
  const [wrong, setWrong] = useState<string>();
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      await connection.call(`${SERVICE}/SetRetention`, { retention: { days } });
      setWrong(undefined);
      again();
      notices.show({ kind: 'info', text: t('savedNotice', { name: t('retention') }) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setWrong(error.details.violations?.[0]?.description ?? errorWords(error, t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <NumberField
        label={t('retentionDays')}
        hint={t('retentionHint')}
        error={wrong}
        none={t('keptForGood')}
        unit={t('days')}
        max={MOST_DAYS}
        value={days}
        onChange={setDays}
      />
      <button type="submit" className="button" disabled={busy || days === (stored.days ?? 0)}>
        {t('save')}
      </button>
    </form>
  );
};
