import { wrongField } from '@parley/contracts';
import { invalidArgument } from '@parley/kernel';

const SHORTEST_IDENTITY_KEY = 32;

/** Throws `invalidArgument` unless each is "*" or an origin such as https://shop.example (no path). */
export const assertOrigins = (origins: readonly string[]): void => {
  origins.forEach((origin, i) => {
    const good = origin === '*' || (/^https?:\/\//.test(origin) && URL.parse(origin)?.origin === origin);
    if (!good)
      throw invalidArgument(
        `allowedOrigins[${i}]`,
        'must be "*" or an origin such as https://shop.example, without a path',
      );
  });
};

/** Throws `invalidArgument` when a key is too short to sign with. */
export const assertIdentityKey = (key: string): void => {
  if (key.length < SHORTEST_IDENTITY_KEY)
    throw wrongField(
      'parley.gateway.v1.UpdateTenantRequest',
      'identityKey',
      `must have at least ${SHORTEST_IDENTITY_KEY} characters`,
    );
};
