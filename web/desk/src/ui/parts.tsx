import { type ComponentProps, type ReactElement, type ReactNode, useId } from 'react';
import { hueOf, initialsOf } from '../lib/format.js';
import { Icon, type IconName } from './icons.js';

/** A round picture of a person: the initials on a colour that belongs to the id. */
export const Avatar = ({
  id,
  name,
  size = 28,
}: {
  id: string;
  name: string;
  size?: number;
}): ReactElement => {
  const initials = initialsOf(name);
  return (
    <span
      className="avatar"
      aria-hidden="true"
      style={{ '--hue': hueOf(id), '--avatar': `${size}px` } as React.CSSProperties}
    >
      {initials || <Icon name="user" size={Math.round(size * 0.55)} />}
    </span>
  );
};

type IconButtonProps = ComponentProps<'button'> & { icon: IconName; label: string; keys?: string };

/** A button that shows an icon only; its label is read out and shown on hover, with its keys. */
export const IconButton = ({ icon, label, keys, className = '', ...rest }: IconButtonProps): ReactElement => (
  <button
    type="button"
    className={`icon-button ${className}`}
    aria-label={label}
    title={keys ? `${label} (${keys})` : label}
    {...rest}
  >
    <Icon name={icon} />
  </button>
);

/** A place that has nothing to show, and what to do about it. */
export const Empty = ({
  icon,
  title,
  text,
  children,
}: {
  icon: IconName;
  title: string;
  text?: string;
  children?: ReactNode;
}): ReactElement => (
  <div className="empty">
    <span className="empty-icon">
      <Icon name={icon} size={22} />
    </span>
    <p className="empty-title">{title}</p>
    {text && <p className="empty-text">{text}</p>}
    {children}
  </div>
);

/** Grey lines where content will be. */
export const Skeleton = ({
  lines,
  kind = 'text',
}: {
  lines: number;
  kind?: 'text' | 'row' | 'bubble';
}): ReactElement => (
  <div className={`skeleton skeleton-${kind}`} aria-hidden="true">
    {Array.from({ length: lines }, (_, i) => (
      <div key={i} className="skeleton-line" />
    ))}
  </div>
);

/** A word with its explanation on hover and focus. */
export const Explained = ({ children, text }: { children: ReactNode; text: string }): ReactElement => {
  const id = useId();
  return (
    <span className="explained">
      <button type="button" className="explained-word" aria-describedby={id}>
        {children}
      </button>
      <span role="tooltip" id={id} className="tooltip">
        {text}
      </span>
    </span>
  );
};

/** A key as it stands on a keyboard. */
export const Keys = ({ keys }: { keys: string }): ReactElement => (
  <kbd className="keys" dir="ltr">
    {keys}
  </kbd>
);

/** Something went wrong, with a way to try again. */
export const Failure = ({
  title,
  message,
  retry,
  again,
}: {
  title: string;
  message: string;
  retry: string;
  again: () => void;
}): ReactElement => (
  <div role="alert">
    <Empty icon="alert" title={title} text={message}>
      <button type="button" className="button" onClick={again}>
        <Icon name="retry" /> {retry}
      </button>
    </Empty>
  </div>
);

/** A field that narrows a list down as somebody types. */
export const SearchField = ({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}): ReactElement => (
  <input
    type="search"
    className="input"
    aria-label={label}
    placeholder={label}
    value={value}
    onChange={(event) => onChange(event.target.value)}
  />
);
