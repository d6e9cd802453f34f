import { must } from './suite.js';

export const TENANTS = ['acme', 'globex'] as const;
export type TenantName = (typeof TENANTS)[number];

/** Who gets to read an answer; no tenant when nobody has been recognised. */
export interface Audience {
  readonly tenant?: TenantName;
  readonly visitor?: boolean;
}

/** Stands in every text, name and title of the tenant; letters and digits, so no encoding or search takes it apart. */
export const markOf = (tenant: TenantName): string => `zq${tenant}mark7f31`;
/** Stands in every note of the tenant, and nowhere else. */
export const noteMarkOf = (tenant: TenantName): string => `zq${tenant}note7f31`;

/** Traces of our own machinery that no answer may carry. */
const INSIDES =
  /\n\s+at |node_modules|\/services\/|\/libs\/|SQLITE|ECONNREFUSED|nats:\/\/|TypeError|RangeError/;

const forbiddenFor = ({ tenant, visitor }: Audience): string[] => [
  ...TENANTS.filter((other) => other !== tenant).flatMap((other) => [markOf(other), noteMarkOf(other)]),
  ...(tenant && visitor ? [noteMarkOf(tenant)] : []),
];

/** Throws when what this audience was sent holds what it may never see, in clear or as base64. */
export const assertNoLeak = (audience: Audience, sent: string | Buffer): void => {
  const text = (typeof sent === 'string' ? sent : sent.toString('latin1')).toLowerCase();
  for (const mark of forbiddenFor(audience))
    must(!text.includes(mark), `LEAK of ${mark}: ${around(text, mark)}`);
  const inside = INSIDES.exec(typeof sent === 'string' ? sent : sent.toString('latin1'));
  must(!inside, `an answer shows insides: ${inside?.[0]}`);
  if (typeof sent !== 'string') return;
  for (const [, encoded = ''] of sent.matchAll(/"([A-Za-z0-9+/]{80,}={0,2})"/g))
    assertNoLeak(audience, Buffer.from(encoded, 'base64'));
};

const around = (text: string, mark: string): string => {
  const at = text.indexOf(mark);
  return text.slice(Math.max(0, at - 120), at + mark.length + 20);
};
