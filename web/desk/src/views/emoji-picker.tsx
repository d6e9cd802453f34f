import type { ReactElement } from 'react';
import type { Emoji } from '../lib/emoji.js';
import { useWords } from '../ui/hooks.js';

/** The emoji that fit the word at the caret; the focus stays in the text. */
export const EmojiPicker = ({
  id,
  emoji,
  chosen,
  onChoose,
}: {
  id: string;
  emoji: readonly Emoji[];
  chosen: number;
  onChoose: (emoji: Emoji) => void;
}): ReactElement => {
  const { t } = useWords();
  return (
    <div className="emoji-picker" role="listbox" id={id} aria-label={t('emoji')}>
      {emoji.map((one, index) => (
        <div
          key={one.sign}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          className="emoji"
          onPointerDown={(event) => {
            event.preventDefault();
            onChoose(one);
          }}
        >
          <span aria-hidden="true">{one.sign}</span>
          <span className="emoji-name">:{one.name}</span>
        </div>
      ))}
    </div>
  );
};
