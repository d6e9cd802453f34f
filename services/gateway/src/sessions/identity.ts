import { errors, jwtVerify } from 'jose';
import { ApiError, ErrorCode } from '@parley/kernel';

/** Who a visitor is, by word of the customer's server. */
export interface VisitorIdentity {
  readonly externalId: string;
  readonly name: string;
  readonly email: string;
  readonly attributes: Record<string, string>;
}

const refuse = (message: string): ApiError =>
  new ApiError(ErrorCode.unauthenticated, message, { reason: 'IDENTITY_NOT_PROVEN' });

/**
 * Reads a JWT that the customer's server signed with the tenant's identity key: HS256 and nothing else, `sub` and
 * `exp` required. Throws `unauthenticated` that says which of these is wrong.
 */
export const readIdentity = async (jwt: string, key: string, now: number): Promise<VisitorIdentity> => {
  const { payload } = await jwtVerify(jwt, new TextEncoder().encode(key), {
    algorithms: ['HS256'],
    requiredClaims: ['exp', 'sub'],
    clockTolerance: 5,
    currentDate: new Date(now),
  }).catch((error: unknown) => {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw refuse(
      `the identity token is not valid (${error.code}): sign {sub, exp} with HS256 and the identity key`,
    );
  });
  const { sub, name, email, attributes } = payload;
  if (typeof sub !== 'string' || sub === '' || sub.length > 200)
    throw refuse('the identity token needs a claim sub of 1 to 200 characters');
  return {
    externalId: sub,
    name: shortText('name', name, 200),
    email: shortText('email', email, 320),
    attributes: attributesOf(attributes),
  };
};

const shortText = (claim: string, value: unknown, most: number): string => {
  if (value === undefined) return '';
  if (typeof value === 'string' && value.length <= most) return value;
  throw refuse(`claim ${claim} of the identity token must be a text of at most ${most} characters`);
};

const attributesOf = (value: unknown): Record<string, string> => {
  if (value === undefined) return {};
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length > 50 || !entries.every(([, v]) => typeof v === 'string' && v.length <= 1000))
    throw refuse('claim attributes of the identity token must hold at most 50 texts of 1000 characters');
  return Object.fromEntries(entries);
};
