import { Fragment, memo, type ReactElement } from 'react';
import { refusalWords } from '../i18n/error-words.js';
import { linkOf } from '../lib/format.js';
import type { Delivery } from '../state/conversation.js';
import type { Refusal } from '../state/refusal.js';
import type { Message, Note, Whisper } from '../state/thread.js';
import { useDesk, useWords } from '../ui/hooks.js';
import { Icon } from '../ui/icons.js';
import { Avatar } from '../ui/parts.js';

type Written = Message | Note | Whisper;

interface BubbleProps {
  readonly item: Written;
  readonly delivery: Delivery | undefined;
  readonly reason: Refusal | undefined;
  /** Of its group. */
  readonly first: boolean;
  readonly last: boolean;
  readonly conversationId: string;
  readonly visitorName: string;
}

/** A message or note. */
export const MessageBubble = memo(
  ({ item, delivery, reason, first, last, conversationId, visitorName }: BubbleProps): ReactElement => {
    const { t, formats } = useWords();
    const side = item.type !== 'message' || item.author !== 'visitor' ? 'ours' : 'theirs';
    const known = item.name || (item.author === 'visitor' ? visitorName : '');
    const name = known || t(item.author === 'visitor' ? 'visitor' : item.author === 'bot' ? 'bot' : 'agent');
    const foot = last || delivery === 'sending' || delivery === 'failed';
    return (
      <li
        className="message"
        data-side={side}
        data-kind={item.type}
        data-author={item.author}
        data-first={first}
      >
        {side === 'theirs' && (
          <span className="message-avatar">
            {last && <Avatar id={item.authorId} name={known} size={24} />}
          </span>
        )}
        <div className="message-body">
          {first && (
            <p className="message-name">
              {item.type === 'message' ? (
                name
              ) : (
                <>
                  <Icon name={item.type} size={12} />{' '}
                  {t(item.type === 'note' ? 'noteBy' : 'whisperBy', { name })}
                </>
              )}
            </p>
          )}
          <div className="bubble" dir="auto" title={formats.full(item.time)} data-delivery={delivery}>
            <Content item={item} />
          </div>
          {foot && (
            <p className="message-foot">
              {delivery === 'failed' ? (
                <Failed {...{ conversationId, id: item.id, reason }} />
              ) : (
                <>
                  <time dateTime={new Date(item.time).toISOString()}>{formats.time(item.time)}</time>
                  {delivery && item.type === 'message' && <Ticks delivery={delivery} />}
                  {delivery === 'sending' && item.type !== 'message' && <Ticks delivery={delivery} />}
                </>
              )}
            </p>
          )}
        </div>
      </li>
    );
  },
);

const Ticks = ({ delivery }: { delivery: Exclude<Delivery, 'failed'> }): ReactElement => {
  const { t } = useWords();
  return (
    <span className="ticks" data-delivery={delivery}>
      <Icon name={delivery === 'sending' ? 'clock' : delivery === 'sent' ? 'check' : 'checks'} size={13} />
      <span>{t(delivery === 'read' ? 'readByVisitor' : delivery)}</span>
    </span>
  );
};

const Failed = ({
  conversationId,
  id,
  reason,
}: {
  conversationId: string;
  id: string;
  reason: Refusal | undefined;
}): ReactElement => {
  const { conversations } = useDesk();
  const { t } = useWords();
  return (
    <span className="failed" role="alert">
      <Icon name="alert" size={13} /> {t('notSent')} {reason && refusalWords(reason, t)}
      <button type="button" className="link" onClick={() => conversations.retry(conversationId, id)}>
        {t('tryAgain')}
      </button>
      <button type="button" className="link" onClick={() => conversations.discard(conversationId, id)}>
        {t('discard')}
      </button>
    </span>
  );
};

const Content = ({ item }: { item: Written }): ReactElement => {
  const { t } = useWords();
  if (item.type === 'message' && item.file)
    return (
      <span className="file">
        <Icon name="page" /> {item.file.name || t('file')}
      </span>
    );
  if (!item.text) return <em className="erased">{t('erasedText')}</em>;
  return <Linked text={item.text} />;
};

const ADDRESS = /(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/g;

/** Text in which addresses are links. */
const Linked = ({ text }: { text: string }): ReactElement => (
  <>
    {text.split(ADDRESS).map((part, index) => {
      const href = index % 2 === 1 ? linkOf(part) : undefined;
      return href ? (
        <a key={index} href={href} target="_blank" rel="noopener noreferrer">
          {part}
        </a>
      ) : (
        <Fragment key={index}>{part}</Fragment>
      );
    })}
  </>
);
