import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';

/** argon2id as OWASP advises: 19 MiB, two passes, one lane; about 30 ms on one core. */
const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 };
/** Hashes under way at once: each takes 19 MiB and a thread of libuv's pool, which file reads need too. */
const AT_ONCE = 2;

let running = 0;
const waiting: (() => void)[] = [];

const derive = async (password: string, nonce: Buffer, cost: typeof COST): Promise<Buffer> => {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  const parameters: Argon2Parameters = { ...cost, message: password, nonce };
  try {
    return await new Promise((resolve, reject) =>
      argon2('argon2id', parameters, (error, key) => (error ? reject(error) : resolve(key))),
    );
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
};

/** A salted hash in PHC form (`$argon2id$v=19$m=…,t=…,p=…$salt$hash`). */
export const hashPassword = async (password: string): Promise<string> => {
  const nonce = randomBytes(16);
  const key = await derive(password, nonce, COST);
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${b64(nonce)}$${b64(key)}`;
};

/** A hash of nobody's password, so that an unknown user costs as much time as a known one. */
const nobody = hashPassword(randomBytes(16).toString('hex'));

/** True when the password belongs to the hash. `undefined` takes as long and is false. */
export const verifyPassword = async (password: string, hash: string | undefined): Promise<boolean> => {
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
  const derived = await derive(password, Buffer.from(salt, 'base64'), cost);
  return timingSafeEqual(derived, key) && hash !== undefined;
};

const b64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
