import { isReopenable } from '../thread.js';
import type { FollowUp } from '../thread-types.js';
import { useState } from 'preact/hooks';
import type { ChatState } from '../state.js';
import type { Words } from '../i18n/en.js';
import { Star } from './icons.js';
import { useSurroundings, useTask } from './shared.js';

const SCORES = [1, 2, 3, 4, 5] as const;

/** After the end: rating, transcript, and how to go on. */
export const Ended = ({ state, onMail }: { state: ChatState; onMail: () => void }) => {
  const { chat, language } = useSurroundings();
  const { say } = language;
  const reopen = useTask(() => chat.reopen());
  const { thread } = state;
  const asks = thread.answered && thread.rating === 0 && !thread.followUp;
  return (
    <footer class="ended">
      {thread.followUp && <Confirmation followUp={thread.followUp} />}
      {thread.rating > 0 ? (
        <p class="thanks" role="status">
          {say('rateThanks')}
        </p>
      ) : (
        asks && <Rating />
      )}
      <div class="actions">
        <button type="button" class={`button is-new ${asks ? '' : 'is-main'}`} onClick={() => chat.newChat()}>
          {say('newChat')}
        </button>
        {isReopenable(chat.state.thread) && (
          <button type="button" class="button" disabled={reopen.busy} onClick={reopen.run}>
            {say('continueChat')}
          </button>
        )}
        <button type="button" class="button is-quiet" onClick={onMail}>
          {say('mailTranscript')}
        </button>
      </div>
      {reopen.failed && (
        <p class="field-error" role="alert">
          {say('failed')}
        </p>
      )}
    </footer>
  );
};

/** A message was left: that it is here, and by when it is answered. */
const Confirmation = ({ followUp: { replyBy, answered } }: { followUp: FollowUp }) => {
  const { chat, language } = useSurroundings();
  const { say } = language;
  const { email } = chat.prechat;
  if (answered)
    return (
      <p class="thanks" role="status">
        {say('answerGiven')}
      </p>
    );
  return (
    <div class="later" role="status">
      <h2>{say('messageThanks')}</h2>
      <p>{replyBy ? say('promise', { time: language.moment(replyBy) }) : say('promiseSoon')}</p>
      <p>{email ? say('answerByMail', { email }) : say('answerHere')}</p>
    </div>
  );
};

const Rating = () => {
  const { chat, language } = useSurroundings();
  const { say } = language;
  const [score, setScore] = useState(0);
  const [shown, setShown] = useState(0);
  const [comment, setComment] = useState('');
  const rate = useTask(() => chat.rate(score, comment.trim()));
  const word = (n: number): string => say(`rate${n}` as keyof Words);
  return (
    <form
      class="rating"
      onSubmit={(event) => {
        event.preventDefault();
        rate.run();
      }}
    >
      <fieldset onPointerLeave={() => setShown(0)}>
        <legend>{shown || score ? word(shown || score) : say('rateAsk')}</legend>
        {SCORES.map((n) => (
          <label
            key={n}
            class={n <= (shown || score) ? 'is-on' : ''}
            title={word(n)}
            onPointerEnter={() => setShown(n)}
          >
            <input
              type="radio"
              name="score"
              value={n}
              checked={score === n}
              aria-label={word(n)}
              onChange={() => setScore(n)}
            />
            <Star />
          </label>
        ))}
      </fieldset>
      {score > 0 && (
        <>
          <textarea
            rows={2}
            dir="auto"
            maxLength={1000}
            value={comment}
            placeholder={say('rateComment')}
            aria-label={say('rateComment')}
            onInput={({ currentTarget }) => setComment(currentTarget.value)}
          />
          {rate.failed && (
            <p class="field-error" role="alert">
              {say('failed')}
            </p>
          )}
          <button type="submit" class="button is-main" disabled={rate.busy}>
            {say('rateSend')}
          </button>
        </>
      )}
    </form>
  );
};
