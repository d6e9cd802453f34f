import { describe, expect, it } from '@jest/globals';
import { isColor, textOn } from './contrast.js';

/** WCAG 2, word for word. */
const luminance = (hex: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const digits = hex.length === 4 ? hex.charAt((at + 1) / 2).repeat(2) : hex.slice(at, at + 2);
    const value = parseInt(digits, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one: string, other: string): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

describe('the text on a colour', () => {
  it('can be read on every colour: at least 4.5 to 1', () => {
    const steps = Array.from({ length: 18 }, (_, i) => (i * 15).toString(16).padStart(2, '0'));
    const colors = steps.flatMap((r) => steps.flatMap((g) => steps.map((b) => `#${r}${g}${b}`)));
    expect(colors.filter((color) => contrast(color, textOn(color)) < 4.5)).toEqual([]);
  });

  it('is for colours as #rrggbb', () => {
    expect(['#2e5a44', '#ABCDEF'].every(isColor)).toBe(true);
    expect(['#fff', 'red', '#12345g', '', undefined].some(isColor)).toBe(false);
  });
});
