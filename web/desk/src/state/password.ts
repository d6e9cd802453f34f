import type { MessageKey } from '../i18n/translate.js';
import type { Refusal } from './refusal.js';

/** As the gateway has it. */
export const SHORTEST_PASSWORD = 10;

/** What a person types to change their password. */
export interface PasswordEntry {
  readonly current: string;
  readonly next: string;
  readonly repeated: string;
}

export type PasswordField = keyof PasswordEntry;

/** What is wrong with it before the gateway is asked, by field; empty when nothing is. */
export const wrongWith = ({
  current,
  next,
  repeated,
}: PasswordEntry): Partial<Record<PasswordField, MessageKey>> => ({
  ...(current === '' ? { current: 'passwordMissing' } : {}),
  ...(next.length < SHORTEST_PASSWORD ? { next: 'passwordTooShort' } : {}),
  ...(repeated === next ? {} : { repeated: 'passwordsDiffer' }),
});

/** The field that a refusal is about; undefined: none of them. */
export const refusedField = ({ reason }: Pick<Refusal, 'reason'>): PasswordField | undefined =>
  reason === 'WRONG_PASSWORD' ? 'current' : undefined;
