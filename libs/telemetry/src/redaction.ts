/** Names of fields whose values never reach a log, at any depth, in lower case and without `_` and `-`. */
const PERSONAL =
  /^(text|html|body|note|notes|message|content|preview|comment|query|words|title|url|referrer|attributes|prechat|topic|email|emails|phone|name|displayname|ip|remote|useragent|(access|refresh|id)?token|(current|new)?password|passwordhash|secret|secrets|signature|authorization|cookie|apikey|jwt)$/;
const REDACTED = '[redacted]';
const DEEPEST = 8;
const LONGEST_TEXT = 500;
/** Of an error: what says which one it was. Others (a mail server's answer, a document) may hold anything. */
const TOLD_OF_ERRORS = ['code', 'errCode', 'syscall', 'responseCode', 'codeName'];

const isPersonal = (key: string): boolean => PERSONAL.test(key.toLowerCase().replaceAll(/[_-]/g, ''));

const redact = (value: unknown, depth: number): unknown => {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth > DEEPEST) return '[too deep]';
  if (value instanceof Error) return errorFields(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((entry) => redact(entry, depth + 1));
  return redactFields(value as Record<string, unknown>, depth);
};

/** A copy without what may be personal or secret. */
export const redactFields = (object: Record<string, unknown>, depth = 0): Record<string, unknown> => {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(object))
    out[key] = isPersonal(key) ? REDACTED : redact(value, depth + 1);
  return out;
};

const errorFields = (error: Error, depth: number): Record<string, unknown> => {
  const own = error as unknown as Record<string, unknown>;
  const told = TOLD_OF_ERRORS.flatMap((key) =>
    ['string', 'number'].includes(typeof own[key]) ? [[key, own[key]] as const] : [],
  );
  const { reason } = (own['details'] ?? {}) as { reason?: unknown };
  const message = messageOf(error);
  return {
    type: error.name,
    message,
    // Begins with the message as it was.
    stack: `${error.name}: ${message}\n${framesOf(error.stack ?? '')}`,
    ...Object.fromEntries(told),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
  };
};

/** Without what a parser or a store quotes of its input. */
const messageOf = (error: Error): string => {
  const text = error.message.replace(/dup key: .*/s, 'dup key');
  return (error instanceof SyntaxError ? text.replaceAll(/".*"/gs, '"…"') : text).slice(0, LONGEST_TEXT);
};

const framesOf = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');

/** Secrets and addresses that stand within a text, such as the message of a driver's error. */
const WITHIN: readonly (readonly [RegExp, string])[] = [
  [/\/\/[^\s/"'@]{1,200}@/g, '//'],
  [/[\w.%+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,5}/g, '[mail]'],
  [/\bBearer +[\w.~+/=-]+/gi, '[token]'],
  [/\beyJ[\w-]{5,}\.[\w-]+\.[\w-]+/g, '[token]'],
  [/\bpk_[\w-]+\.[\w-]{20,}/g, '[key]'],
];

/** A finished line without what looks like a mail address, a token or a login in a URL, wherever it stands. */
export const scrubLine = (line: string): string =>
  WITHIN.reduce((text, [pattern, instead]) => text.replaceAll(pattern, instead), line);
