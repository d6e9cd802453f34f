import { wrongField, type gateway } from '@parley/contracts';
import { invalidArgument } from '@parley/kernel';
import type { UserDoc } from './documents.js';

const SHORTEST_PASSWORD = 10;

/** What others may know of a user. */
export const toUser = ({ userId, email, name, role, disabled, version }: UserDoc): gateway.User => ({
  userId,
  email,
  name,
  role,
  disabled,
  version,
});

/** Throws `invalidArgument` when a password is too short to be one; `field`: where it stands in the request `message`. */
export const assertPassword = (
  password: string,
  message = 'parley.gateway.v1.CreateUserRequest',
  field = 'password',
): void => {
  if (password.length < SHORTEST_PASSWORD)
    throw wrongField(message, field, `must have at least ${SHORTEST_PASSWORD} characters`);
};

/** Throws `invalidArgument` when it cannot be a mail address. */
export const assertEmail = (email: string): void => {
  if (!/^[^\s@]+@[^\s@]+$/.test(email))
    throw invalidArgument('email', 'must be a mail address such as anna@shop.example');
};
