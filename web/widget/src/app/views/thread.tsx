import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type ChatState, mayGreet } from '../state.js';
import { agentNameOf } from '../thread.js';
import { type MessageRow, type Row, rowsOf } from '../rows.js';
import { Bot, Clock, Tick, Ticks, Warning } from './icons.js';
import { initialsOf, useSurroundings } from './shared.js';
import { Waiting } from './waiting.js';

const NEAR_END_PX = 80;

/** The messages, newest at the bottom; stays there unless the reader scrolled up. */
export const ThreadView = (props: { state: ChatState; onMessage: (() => void) | undefined }) => {
  const { state, onMessage } = props;
  const { language, chat } = useSurroundings();
  const { say } = language;
  const { thread, outbox, settings } = state;
  const rows = useMemo(() => rowsOf(thread, outbox), [thread, outbox]);
  const box = useRef<HTMLDivElement>(null);
  const atEndRef = useRef(true);
  const [behind, setBehind] = useState(false);
  const lastRow = rows.at(-1);
  const toEnd = (): void => void box.current?.scrollTo({ top: box.current.scrollHeight });

  const lastId = lastRow?.id;
  const own = lastRow?.kind === 'message' && lastRow.from === 'visitor';
  useLayoutEffect(() => {
    if (atEndRef.current || own) toEnd();
    else setBehind(true);
  }, [lastId, own]);
  useLayoutEffect(() => {
    if (atEndRef.current) toEnd();
  }, [state.typing, state.position, state.wait, thread.status, lastRow]);
  useEffect(() => {
    // A keyboard that opens makes the box smaller: the end stays in sight.
    const observer = new ResizeObserver(() => atEndRef.current && toEnd());
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const onScroll = (): void => {
    const element = box.current;
    if (!element) return;
    atEndRef.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    if (atEndRef.current) setBehind(false);
  };

  return (
    <div class="thread-frame">
      <div ref={box} class="thread" onScroll={onScroll} tabIndex={0} role="region" aria-label={say('log')}>
        <div class="thread-space" />
        <div role="log" aria-live="polite" aria-label={say('log')}>
          {settings.greeting && mayGreet(state) && (
            <p class="greeting" dir="auto">
              {settings.greeting}
            </p>
          )}
          {rows.map((row) => (
            <RowView key={row.id} row={row} />
          ))}
        </div>
        {thread.status === 'queued' && <Waiting state={state} onMessage={onMessage} />}
        {state.typing !== undefined && (
          <div class="typing" role="status">
            <span class="dots" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
            <span>
              {say('typing', { name: state.typing || agentNameOf(chat.state.thread) || say('team') })}
            </span>
          </div>
        )}
      </div>
      {behind && (
        <button type="button" class="jump" onClick={toEnd}>
          {say('newMessages')}
        </button>
      )}
    </div>
  );
};

const RowView = ({ row }: { row: Row }) => {
  const { language } = useSurroundings();
  if (row.kind === 'day') return <p class="day">{language.day(row.at)}</p>;
  if (row.kind === 'notice')
    return (
      <p class="notice">
        {language.say(row.what, {
          name: row.name || language.say('team'),
          other: row.other || language.say('team'),
        })}
      </p>
    );
  return <MessageView row={row} />;
};

const MessageView = ({ row }: { row: MessageRow }) => {
  const { language, chat } = useSurroundings();
  const { say } = language;
  const own = row.from === 'visitor';
  const author = own ? say('you') : row.name || say(row.from === 'bot' ? 'assistant' : 'team');
  const time = language.time(row.at);
  return (
    <article
      class={`message ${own ? 'is-own' : ''} ${row.first ? 'is-first' : ''} ${row.last ? 'is-last' : ''}`}
    >
      {!own && (
        <div class="avatar is-small" aria-hidden="true">
          {row.last && (row.from === 'bot' ? <Bot /> : initialsOf(author))}
        </div>
      )}
      <div class="message-body">
        {row.first && !own ? <p class="author">{author}</p> : <p class="unseen">{author}</p>}
        <p class={`bubble is-${row.delivery ?? 'theirs'}`} dir="auto">
          {linked(row.text)}
        </p>
        {row.delivery === 'refused' ? (
          <p class="meta is-refused">
            <Warning /> {say('refused')}
            <button type="button" class="link" onClick={() => chat.retry(row.id)}>
              {say('retry')}
            </button>
            <button type="button" class="link" onClick={() => chat.discard(row.id)}>
              {say('discard')}
            </button>
          </p>
        ) : row.last ? (
          <p class="meta">
            <time dateTime={new Date(row.at).toISOString()}>{time}</time>
            {row.delivery && <DeliveryMark delivery={row.delivery} />}
          </p>
        ) : null}
      </div>
    </article>
  );
};

const DeliveryMark = ({ delivery }: { delivery: NonNullable<MessageRow['delivery']> }) => {
  const { say } = useSurroundings().language;
  return (
    <span class={`delivery is-${delivery}`}>
      {delivery === 'pending' ? <Clock /> : delivery === 'sent' ? <Tick /> : <Ticks />}
      <span>{say(delivery)}</span>
    </span>
  );
};

const LINK = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]'])/g;

const linked = (text: string) =>
  text.split(LINK).map((part, i) =>
    i % 2 ? (
      <a key={i} href={part} target="_blank" rel="noopener noreferrer nofollow">
        {part}
      </a>
    ) : (
      part
    ),
  );
