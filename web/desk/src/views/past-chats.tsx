import type { transcript } from '@parley/client';
import { type ReactElement, useCallback, useState } from 'react';
import { serverNow } from '../desk/clock.js';
import { refusalWords } from '../i18n/error-words.js';
import { Dialog } from '../ui/dialog.js';
import { useDesk, useWords } from '../ui/hooks.js';
import { Empty, IconButton, Skeleton } from '../ui/parts.js';
import { useRemote } from '../ui/remote.js';
import { Section } from './section.js';
import { ThreadView } from './thread-view.js';
import { useOpen } from './use-open.js';
import { CLOSE_WORDS } from './words.js';

/** The contact's other conversations; a click shows one without leaving the present. */
export const PastChats = ({ contactId, except }: { contactId: string; except: string }): ReactElement => {
  const { connection } = useDesk();
  const { t, formats } = useWords();
  const [shown, setShown] = useState<transcript.Summary>();
  const load = useCallback(
    () =>
      connection
        .call('parley.transcript.v1.TranscriptService/ListTranscripts', { contactId, page: { limit: 20 } })
        .then(({ transcripts = [] }) =>
          transcripts.filter(({ conversationId }) => conversationId !== except),
        ),
    [connection, contactId, except],
  );
  const [remote] = useRemote(load);
  return (
    <Section
      title={t('pastChats')}
      aside={remote.value && <span className="count">{remote.value.length}</span>}
    >
      {remote.status === 'loading' && <Skeleton lines={3} />}
      {remote.status === 'failed' && <p className="quiet">{remote.message}</p>}
      {remote.value?.length === 0 && <p className="quiet">{t('firstChat')}</p>}
      <ul className="past">
        {remote.value?.map((summary) => (
          <li key={summary.conversationId}>
            <button type="button" className="past-chat" onClick={() => setShown(summary)}>
              <span className="past-top">
                <span>{formats.short(Date.parse(summary.startedAt ?? ''), serverNow())}</span>
                <span className="quiet">
                  {t(
                    summary.closedAt
                      ? CLOSE_WORDS[summary.closeReason ?? 'CLOSE_REASON_UNSPECIFIED']
                      : 'open',
                  )}
                  {summary.rating ? ` · ★ ${summary.rating}` : ''}
                </span>
              </span>
              <span className="past-text" dir="auto">
                {summary.excerpt || summary.topic || t('noMessageYet')}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {shown && <TranscriptDialog summary={shown} onClose={() => setShown(undefined)} />}
    </Section>
  );
};

const TranscriptDialog = ({
  summary,
  onClose,
}: {
  summary: transcript.Summary;
  onClose: () => void;
}): ReactElement => {
  const { t, formats } = useWords();
  const id = summary.conversationId ?? '';
  const open = useOpen(id, true);
  const title = t('transcriptOf', { time: formats.full(Date.parse(summary.startedAt ?? '')) });
  return (
    <Dialog label={title} className="transcript" onClose={onClose}>
      <div className="dialog-head">
        <h2 className="dialog-title">{title}</h2>
        <IconButton icon="close" label={t('dismiss')} onClick={onClose} />
      </div>
      {open.error && <Empty icon="alert" title={t('cannotShow')} text={refusalWords(open.error, t)} />}
      {!open.error && open.thread.version === 0 && <Skeleton kind="bubble" lines={4} />}
      {open.thread.version > 0 && <ThreadView id={id} open={open} own={false} />}
    </Dialog>
  );
};
