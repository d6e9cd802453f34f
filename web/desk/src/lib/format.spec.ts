import { describe, expect, it } from '@jest/globals';
import { clockOf, formatsOf, hueOf, initialsOf, linkOf, pathOf, secondsOf, spanOf } from './format.js';

describe('formats', () => {
  it('shows durations as clocks and spans', () => {
    expect([clockOf(42_000), clockOf(725_000), clockOf(3_723_000), clockOf(-5)]).toEqual([
      '0:42',
      '12:05',
      '1:02:03',
      '0:00',
    ]);
    expect([spanOf(5_000), spanOf(125_000), spanOf(7_300_000), spanOf(200_000_000)]).toEqual([
      '5s',
      '2m',
      '2h',
      '2d',
    ]);
  });

  it('shows a span by its times, and a day of UTC by its date', () => {
    const formats = formatsOf('en-GB', 'Europe/Berlin');
    const day = Date.parse('2026-01-01T00:00:00Z');
    expect(formats.span(day, day + 15 * 60_000)).toBe('01:00 – 01:15');
    expect(formats.span(day, day + 86_400_000)).toBe('1 Jan');
  });

  it('shows times in the given zone', () => {
    const ms = Date.parse('2026-07-01T22:30:00Z');
    expect(formatsOf('de', 'Europe/Berlin').time(ms)).toBe('00:30');
    expect(formatsOf('en-GB', 'America/New_York').time(ms)).toBe('18:30');
  });

  it('says today and yesterday', () => {
    const now = new Date(2026, 6, 2, 12).getTime();
    const formats = formatsOf('en');
    expect(formats.day(now - 3_600_000, now)).toBe('Today');
    expect(formats.day(now - 86_400_000, now)).toBe('Yesterday');
    expect(formats.day(new Date(2026, 5, 1, 12).getTime(), now)).toBe('Monday, June 1');
  });

  it('knows minor units of a currency', () => {
    expect(formatsOf('en').money('1999', 'EUR')).toBe('€19.99');
    expect(formatsOf('en').money('1999', 'JPY')).toBe('¥1,999');
    expect(formatsOf('en').money('0', 'EUR')).toBe('');
  });

  it('shows figures of seconds, and a dash for none', () => {
    const formats = formatsOf('en');
    expect([secondsOf(undefined, formats), secondsOf(4.23, formats), secondsOf(75, formats)]).toEqual([
      '–',
      '4.2 s',
      '1:15',
    ]);
    expect(formats.percent(undefined)).toBe('–');
    expect(formats.percent(0.875)).toBe('87.5%');
  });

  it('makes initials and a steady hue', () => {
    expect([
      initialsOf('Anna Berg'),
      initialsOf('vera'),
      initialsOf('  '),
      initialsOf('Øystein de la Cruz'),
    ]).toEqual(['AB', 'V', '', 'ØC']);
    expect(hueOf('abc')).toBe(hueOf('abc'));
    expect(hueOf('abc')).not.toBe(hueOf('abd'));
  });

  it('links only to the web', () => {
    expect(linkOf('https://shop.example/a')).toBe('https://shop.example/a');
    expect(linkOf('javascript:alert(1)')).toBeUndefined();
    expect(pathOf('https://shop.example/a?b=1')).toBe('shop.example/a?b=1');
    expect(pathOf('not an address')).toBe('not an address');
  });
});
