import { LANGUAGES, type Language } from '../i18n/languages.js';

/** What a person sets for this browser. */
export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  /** Empty: the browser's. */
  readonly language: Language | '';
  readonly sound: boolean;
  readonly notifications: boolean;
  readonly sendKey: 'enter' | 'mod-enter';
  readonly panelOpen: boolean;
  /** After so long without a touch the desk goes away; 0: never. */
  readonly awayMinutes: number;
}

export const AWAY_CHOICES: readonly number[] = [0, 5, 10, 15, 30];

export const defaultSettings: Settings = {
  theme: 'system',
  language: '',
  sound: true,
  notifications: false,
  sendKey: 'enter',
  panelOpen: true,
  awayMinutes: 15,
};

const oneOf = <T>(value: unknown, allowed: readonly T[], fallback: T): T =>
  allowed.includes(value as T) ? (value as T) : fallback;

/** Settings as they were stored; what is missing or not understood has its default. */
export const readSettings = (stored: string | null): Settings => {
  const value = parse(stored);
  const flag = (key: 'sound' | 'notifications' | 'panelOpen'): boolean =>
    oneOf(value[key], [true, false], defaultSettings[key]);
  return {
    theme: oneOf(value.theme, ['system', 'light', 'dark'], defaultSettings.theme),
    language: oneOf(value.language, ['', ...LANGUAGES], defaultSettings.language),
    sound: flag('sound'),
    notifications: flag('notifications'),
    sendKey: oneOf(value.sendKey, ['enter', 'mod-enter'], defaultSettings.sendKey),
    panelOpen: flag('panelOpen'),
    awayMinutes: oneOf(value.awayMinutes, AWAY_CHOICES, defaultSettings.awayMinutes),
  };
};

const parse = (stored: string | null): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(stored ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};
