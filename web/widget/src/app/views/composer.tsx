import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Arrow } from './icons.js';
import { useSurroundings } from './shared.js';

const LONGEST_BYTES = 16_384;

const MOST_PX = 132;

/** Makes a text area as high as its text, within bounds. */
const fitHeight = (area: HTMLTextAreaElement): void => {
  area.style.height = 'auto';
  area.style.height = `${Math.min(area.scrollHeight, MOST_PX)}px`;
};

/** Where messages are written. Enter sends, Shift+Enter breaks the line; the draft survives reloads. */
export const Composer = ({
  disabled = false,
  onSend,
  onWrite,
}: {
  disabled?: boolean;
  onSend: (text: string) => boolean;
  /** The visitor has begun to write. */
  onWrite?: () => void;
}) => {
  const { chat, keep, language } = useSurroundings();
  const { say } = language;
  const [text, setText] = useState(() => keep.get<string>('draft') ?? '');
  const field = useRef<HTMLTextAreaElement>(null);
  const tooLong = text.length > LONGEST_BYTES / 4 && new TextEncoder().encode(text).length > LONGEST_BYTES;

  const write = (next: string): void => {
    setText(next);
    keep.set('draft', next);
  };
  const send = (): void => {
    const message = text.trim();
    if (!message || disabled || tooLong || !onSend(message)) return;
    write('');
    field.current?.focus();
  };
  useLayoutEffect(() => {
    if (field.current) fitHeight(field.current);
  }, [text]);
  useEffect(() => {
    // On a touch screen focus would bring up the keyboard unasked.
    const focus = (): void => {
      if (matchMedia('(pointer: fine)').matches) field.current?.focus();
    };
    focus();
    addEventListener('focus', focus);
    return () => removeEventListener('focus', focus);
  }, []);
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {tooLong && (
        <p class="field-error" role="alert">
          {say('tooLong')}
        </p>
      )}
      <div class="composer-box">
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          value={text}
          placeholder={say('write')}
          aria-label={say('write')}
          enterkeyhint="send"
          onInput={({ currentTarget }) => {
            write(currentTarget.value);
            chat.typed(currentTarget.value);
            onWrite?.();
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <button
          type="submit"
          class="send"
          aria-label={say('send')}
          disabled={!text.trim() || disabled || tooLong}
        >
          <Arrow />
        </button>
      </div>
    </form>
  );
};
