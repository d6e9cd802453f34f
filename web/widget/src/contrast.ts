// The curve of sRGB as one power: close enough that either text has 4.5 to 1 on its side, and the loader is small.
const channel = (hex: string, at: number): number => (parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2;

/** Black or white, whichever reads better on a #rrggbb colour: at least 4.5 to 1 on every one (WCAG AA). */
export const textOn = (hex: string): string =>
  0.2126 * channel(hex, 1) + 0.7152 * channel(hex, 3) + 0.0722 * channel(hex, 5) > 0.179 ? '#000' : '#fff';

/** Whether it is a colour that can be worked with: #rrggbb. */
export const isColor = (value: string | undefined): value is string => /^#[0-9a-f]{6}$/i.test(value ?? '');
