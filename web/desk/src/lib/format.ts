/** Times and numbers in the viewer's language and zone. */
export interface Formats {
  /** Hours and minutes. */
  time(ms: number): string;
  /** Date and time in full. */
  full(ms: number): string;
  /** Date and time, short. */
  moment(ms: number): string;
  /** The day as a person says it: today, yesterday, or its date. */
  day(ms: number, now: number): string;
  /** Time of today, else a short date. */
  short(ms: number, now: number): string;
  /** How far from now: in 2 hours, 3 days ago. */
  relative(ms: number, now: number): string;
  /** A day, which is UTC's. */
  utcDay(ms: number): string;
  /** From a time to another; a whole day of UTC as its date. */
  span(from: number, to: number): string;
  number(value: number, digits?: number): string;
  percent(share: number | undefined): string;
  money(minorUnits: string, currency: string): string;
}

const DAY_MS = 86_400_000;

/** Names the day of a time in the viewer's zone, to compare days. */
export const dayOf = (ms: number): string => {
  const date = new Date(ms);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
};

/** Formats of a language; `zone` is the viewer's own when not given. */
export const formatsOf = (language: string, zone?: string): Formats => {
  const inZone = { ...(zone ? { timeZone: zone } : {}) };
  const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', ...inZone });
  const full = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'medium', ...inZone });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', ...inZone });
  const day = new Intl.DateTimeFormat(language, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...inZone,
  });
  const date = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', ...inZone });
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const numbers = new Map<number, Intl.NumberFormat>();
  const numberOf = (digits: number): Intl.NumberFormat => {
    let format = numbers.get(digits);
    if (!format)
      numbers.set(digits, (format = new Intl.NumberFormat(language, { maximumFractionDigits: digits })));
    return format;
  };
  const utcDay = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const distance = new Intl.RelativeTimeFormat(language, { numeric: 'always' });
  const sentence = (text: string): string => text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
  return {
    time: (ms) => time.format(ms),
    full: (ms) => full.format(ms),
    moment: (ms) => moment.format(ms),
    day: (ms, now) => {
      if (dayOf(ms) === dayOf(now)) return sentence(relative.format(0, 'day'));
      if (dayOf(ms) === dayOf(now - DAY_MS)) return sentence(relative.format(-1, 'day'));
      return day.format(ms);
    },
    short: (ms, now) => (dayOf(ms) === dayOf(now) ? time.format(ms) : date.format(ms)),
    relative: (ms, now) => {
      const { unit, size } = unitOf(Math.abs(ms - now));
      return distance.format(Math.round((ms - now) / size), unit);
    },
    utcDay: (ms) => utcDay.format(ms),
    span: (from, to) =>
      from % DAY_MS === 0 && to - from === DAY_MS
        ? utcDay.format(from)
        : `${time.format(from)} – ${time.format(to)}`,
    number: (value, digits = 0) => numberOf(digits).format(value),
    percent: (share) => (share === undefined ? '–' : percent.format(share)),
    money: (minorUnits, currency) => moneyOf(language, minorUnits, currency),
  };
};

const UNITS = [
  { unit: 'day', size: DAY_MS },
  { unit: 'hour', size: 3_600_000 },
  { unit: 'minute', size: 60_000 },
  { unit: 'second', size: 1000 },
] as const;

/** The largest unit in which a duration is at least one and a half, in seconds when it is in none. */
const unitOf = (ms: number): (typeof UNITS)[number] =>
  UNITS.find(({ size }) => ms >= 1.5 * size) ?? UNITS[UNITS.length - 1]!;

const moneyOf = (language: string, minorUnits: string, currency: string): string => {
  const amount = Number(minorUnits);
  if (!amount) return '';
  if (!/^[A-Z]{3}$/.test(currency)) return String(amount);
  const format = new Intl.NumberFormat(language, { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
};

/** A duration as a clock shows it: 0:42, 12:05, 1:02:03. */
export const clockOf = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
};

/** A duration in its largest unit: 42s, 12m, 3h, 2d. */
export const spanOf = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
};

/** Seconds of a figure: 4.2 s below ten, a clock from a minute on. */
export const secondsOf = (seconds: number | undefined, formats: Formats): string => {
  if (seconds === undefined) return '–';
  if (seconds < 60) return `${formats.number(seconds, seconds < 10 ? 1 : 0)} s`;
  return clockOf(seconds * 1000);
};

/** The first letters of a name, two at most; empty for an empty name. */
export const initialsOf = (name: string): string => {
  const words = name
    .trim()
    .split(/[\s@._-]+/)
    .filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => [...(word ?? '')][0]?.toLocaleUpperCase() ?? '').join('');
};

/** A hue from 0 to 359 that is always the same for the same id. */
export const hueOf = (id: string): number => {
  let hash = 7;
  for (const char of id) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 99_991;
  return (hash * 137) % 360;
};

/** Host and path of an address, for showing; the text itself when it is none. */
export const pathOf = (url: string): string => {
  try {
    const { host, pathname, search } = new URL(url);
    return `${host}${pathname === '/' ? '' : pathname}${search}`;
  } catch {
    return url;
  }
};

/** The address if a link to it does no harm (http or https), else undefined. */
export const linkOf = (url: string | undefined): string | undefined =>
  url && /^https?:\/\//i.test(url) ? url : undefined;
