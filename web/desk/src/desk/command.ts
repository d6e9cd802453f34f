import type { MessageKey } from '../i18n/translate.js';

/** Something that can be done, from the palette and by keys. */
export interface Command {
  readonly label: MessageKey;
  readonly group: 'groupGo' | 'groupChat' | 'groupStatus' | 'groupDesk';
  readonly keys?: string;
  readonly enabled?: boolean;
  readonly run: () => void;
}
