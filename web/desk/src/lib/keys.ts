/** The part of a keyboard event that matters here. */
export interface Pressed {
  readonly code: string;
  readonly key: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

/** Keys such as `Alt+J`, `Mod+K` (Ctrl, or Command on a Mac), `?` or `Escape`. */
export type Combo = string;

/** Whether an event is these keys. By place for letters with Alt, which types other signs on a Mac. */
export const matches = (combo: Combo, event: Pressed): boolean => {
  const parts = combo.split('+');
  const key = parts.pop() ?? '';
  const mod = event.ctrlKey || event.metaKey;
  if (parts.includes('Mod') !== mod || parts.includes('Alt') !== event.altKey) return false;
  if (/^[A-Z]$/.test(key)) return event.code === `Key${key}` && !event.shiftKey;
  if (/^[0-9]$/.test(key)) return event.code === `Digit${key}` && !event.shiftKey;
  return event.key === key;
};

/** The keys as they stand on the keyboard in use. */
export const keysLabel = (combo: Combo, mac: boolean): string => {
  const named: Record<string, string> = {
    Mod: mac ? '⌘' : 'Ctrl',
    Alt: mac ? '⌥' : 'Alt',
    Escape: 'Esc',
    Enter: '↵',
  };
  return combo
    .split('+')
    .map((part) => named[part] ?? part)
    .join(mac ? '' : '+');
};
