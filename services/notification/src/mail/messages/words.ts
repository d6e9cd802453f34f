import type { en } from './en.js';

export type MailKey = keyof typeof en;
export type MailWords = Readonly<Record<MailKey, string>>;
