import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { systemClock } from '@parley/kernel';
import { Turns } from './turns.js';

/** argon2id as OWASP advises: 19 MiB, two passes, one lane; about 30 ms on one core. */
const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 };
const turns = new Turns({
  // Each takes 19 MiB and a thread of libuv's pool, which file reads need too.
  atOnce: 2,
  // About a second's work: whoever would wait longer does better to come again.
  mostWaiting: 64,
  clock: systemClock,
});

const derive = (password: string, nonce: Buffer, cost: typeof COST, deadline: number): Promise<Buffer> => {
  const parameters: Argon2Parameters = { ...cost, message: password, nonce };
  return turns.take(
    deadline,
    () =>
      new Promise((resolve, reject) =>
        argon2('argon2id', parameters, (error, key) => (error ? reject(error) : resolve(key))),
      ),
  );
};

/**
 * A salted hash in PHC form (`$argon2id$v=19$m=…,t=…,p=…$salt$hash`). Throws `resourceExhausted` when too many passwords
 * are under way, `deadlineExceeded` when it is not begun before the deadline (ms since 1970).
 */
export const hashPassword = async (password: string, deadline = Infinity): Promise<string> => {
  const nonce = randomBytes(16);
  const key = await derive(password, nonce, COST, deadline);
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${b64(nonce)}$${b64(key)}`;
};

/** A hash of nobody's password, so that an unknown user costs as much time as a known one. */
const nobody = hashPassword(randomBytes(16).toString('hex'));

/** True when the password belongs to the hash. `undefined` takes as long and is false. Throws as hashPassword does. */
export const verifyPassword = async (
  password: string,
  hash: string | undefined,
  deadline = Infinity,
): Promise<boolean> => {
  const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(hash ?? (await nobody));
  if (!parts) return false;
  const [, memory, passes, parallelism, salt = '', wanted = ''] = parts;
  const key = Buffer.from(wanted, 'base64');
  const cost = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: key.length,
  };
  const derived = await derive(password, Buffer.from(salt, 'base64'), cost, deadline);
  return timingSafeEqual(derived, key) && hash !== undefined;
};

const b64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
