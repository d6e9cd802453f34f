import { type ChatState, isNobodyThere } from '../state.js';
import { useAvailability, useSurroundings } from './shared.js';

/** Place in line, how long it usually takes, and the way out: a message, unless that was chosen. */
export const Waiting = (props: { state: ChatState; onMessage: (() => void) | undefined }) => {
  const { state, onMessage } = props;
  const { chat, language } = useSurroundings();
  const { say } = language;
  const { position, wait } = state;
  useAvailability(chat.prechat['topic'] ?? '');
  return (
    <div class="waiting">
      <span class="pulse" aria-hidden="true" />
      <div>
        <div role="status">
          <p class="waiting-title">
            {position === 0
              ? say('waiting')
              : position === 1
                ? say('next')
                : say('position', { n: position })}
          </p>
          {wait && (
            <p class="waiting-range">{say('waitEstimate', { time: language.wait(wait.low, wait.high) })}</p>
          )}
        </div>
        <p>{say(isNobodyThere(state) ? 'waitingNobody' : 'waitingHint')}</p>
        {onMessage && (
          <button type="button" class="link" onClick={onMessage}>
            {say('messageInstead')}
          </button>
        )}
      </div>
    </div>
  );
};
