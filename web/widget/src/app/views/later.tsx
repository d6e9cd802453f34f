import type { ChatState } from '../state.js';
import { MessageForm } from './message-form.js';
import { useSurroundings } from './shared.js';

/** The message form below a thread: because nobody will come, or because the visitor would rather not wait. */
export const Later = ({ state, onBack }: { state: ChatState; onBack: () => void }) => {
  const { language } = useSurroundings();
  const { say } = language;
  const { request, status, entries } = state.thread;
  const asked = status === 'taking' ? request : undefined;
  const waited = asked?.reason === 'REASON_WAITED_TOO_LONG' || asked?.reason === 'REASON_FAILSAFE';
  return (
    <footer class="ended">
      {asked && (
        <div class="later" role="status">
          <h2>
            {say(
              waited ? 'whyWaited' : asked.reason === 'REASON_CLOSED_HOURS' ? 'closedTitle' : 'messageTitle',
            )}
          </h2>
          {asked.opensAt > 0 && <p>{say('opensAt', { time: language.moment(asked.opensAt) })}</p>}
          <p>{say('messagePrompt')}</p>
        </div>
      )}
      <MessageForm
        replyBy={asked?.replyBy ?? state.availability?.replyBy ?? 0}
        written={entries.some((entry) => entry.kind === 'message' && entry.from === 'visitor')}
        focus={!asked}
        {...(asked ? {} : { back: { label: say('keepWaiting'), onClick: onBack } })}
      />
    </footer>
  );
};
