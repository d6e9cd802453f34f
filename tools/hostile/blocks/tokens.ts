import { SignJWT } from 'jose';
import { ErrorCode } from '@parley/kernel';
import { makeSecrets } from '../../../services/gateway/src/sessions/secrets.js';
import { signToken, type Claims } from '../../../services/gateway/src/sessions/tokens.js';
import { methodOf } from '../methods.js';
import { refused, refusedField, succeeded } from '../outcome.js';
import { emailOf, identityKeyOf, originOf, PARLEY_SECRET, PASSWORD } from '../seed.js';
import { must, type Case } from '../suite.js';
import { ANYONE, type Caller } from '../transports.js';
import type { World } from '../world.js';

const secrets = makeSecrets([PARLEY_SECRET]);
const base64 = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const key = (text: string): Uint8Array => new TextEncoder().encode(text);

const claims = (changes: Partial<Claims>): Claims => ({
  use: 'access',
  sessionId: 'nobody',
  tenant: 'acme',
  subject: 'acme-boss',
  role: 'admin',
  name: '',
  generation: 0,
  expiresAt: Date.now() + 600_000,
  ...changes,
});

/** A token with other claims and the old signature, or none. */
const altered = (
  token: string,
  header: object,
  change: object,
  signature = token.split('.')[2] ?? '',
): string => {
  const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object;
  return `${base64(header)}.${base64({ ...payload, ...change })}.${signature}`;
};

/** Tokens that are not what they claim, over HTTP and gRPC. */
export const tokenCases = async (world: World): Promise<Case[]> => {
  const { acme, http, grpc } = world;
  const boss = acme.person('boss').token;
  const visitor = acme.visitor('stranger').token;
  const none = { alg: 'none', typ: 'JWT' };
  const hs256 = { alg: 'HS256' };
  const bad: [string, string][] = [
    ['expired', await signToken(secrets, claims({ expiresAt: Date.now() - 60_000 }))],
    ['for a session that never was', await signToken(secrets, claims({}))],
    ['for refreshing', await signToken(secrets, claims({ use: 'refresh' }))],
    ['of another key', await signToken(makeSecrets(['another-secret-of-the-attacker']), claims({}))],
    [
      'signed with an empty key',
      await signToken({ ...secrets, tokenKeys: [new Uint8Array(32)] }, claims({})),
    ],
    ['with another tenant', altered(boss, hs256, { ten: 'globex' })],
    ['with another role', altered(visitor, hs256, { role: 'admin', use: 'access' })],
    ['with alg none', altered(boss, none, {}, '')],
    ['with alg none and a signature', altered(boss, none, { ten: 'globex' })],
    ['with alg RS256', altered(boss, { alg: 'RS256' }, {})],
    ['cut short', boss.slice(0, -4)],
    ['without a signature', boss.slice(0, boss.lastIndexOf('.') + 1)],
    ['of three dots', '...'],
    ['of 4,000 letters', 'a'.repeat(4000)],
    ['a key that is none', 'pk_acme-all.wrong'],
    ['the id of a key', 'pk_acme-all'],
  ];
  const refusal =
    (method: string, request: object, token: string): Case['run'] =>
    async () => {
      for (const transport of [http, grpc])
        refused(
          await transport.call(methodOf(method), request, { ...ANYONE, token }),
          ErrorCode.unauthenticated,
        );
    };
  const malformed = ['Basic YTpi', 'Bearer', `Bearer ${boss} ${boss}`, `Bearer ${boss},x`, boss];
  return [
    ...bad.map(([name, token]) => ({
      name: `a token ${name}`,
      run: refusal('TenantService/ListUsers', {}, token),
    })),
    ...malformed.map((authorization) => ({
      name: `authorization "${authorization.slice(0, 20)}"`,
      run: async () =>
        refused(
          await http.call(methodOf('TenantService/ListUsers'), {}, ANYONE, { authorization }),
          ErrorCode.unauthenticated,
        ),
    })),
    ...sessions(world),
    ...(await identities(world)),
    ...origins(world),
  ];
};

/** Sessions that ended, and refresh tokens used again. */
const sessions = ({ acme, http }: World): Case[] => {
  const call = (method: string, request: object, caller: Caller) =>
    http.call(methodOf(method), request, caller);
  const list = (caller: Caller) => call('TenantService/ListUsers', {}, caller);
  return [
    {
      name: 'a token after logout',
      run: async () => {
        const dora = await acme.logIn('dora');
        succeeded(await list(dora));
        succeeded(await call('AuthService/Logout', {}, dora));
        refused(await list(dora), ErrorCode.unauthenticated, 'SESSION_ENDED');
      },
    },
    {
      name: 'a refresh token used twice ends the session',
      run: async () => {
        const login = { tenant: 'acme', email: emailOf('acme', 'dora'), password: PASSWORD };
        const { tokens } = await acme.do({ ...ANYONE, tenant: 'acme' }, 'AuthService/Login', login);
        const { accessToken: token, refreshToken } = tokens as { accessToken: string; refreshToken: string };
        const nobody = { ...ANYONE, tenant: 'acme' as const };
        const first = succeeded(await call('AuthService/RefreshToken', { refreshToken }, nobody));
        const next = (first['tokens'] as { refreshToken: string }).refreshToken;
        // Again at once would be a lost answer; not any more once what it gave has been used.
        succeeded(await call('AuthService/RefreshToken', { refreshToken: next }, nobody));
        refused(
          await call('AuthService/RefreshToken', { refreshToken }, nobody),
          ErrorCode.unauthenticated,
          'REFRESH_TOKEN_REUSED',
        );
        refused(await list({ ...nobody, token }), ErrorCode.unauthenticated, 'SESSION_ENDED');
      },
    },
    {
      name: 'another session, and the old password, once the password was changed',
      run: async () => {
        const boss = acme.person('boss');
        const [old, next] = [PASSWORD, `${PASSWORD}-changed`];
        const user = {
          userId: 'fay',
          email: emailOf('acme', 'fay'),
          name: 'fay',
          role: 'agent',
          password: old,
        };
        await acme.do(boss, 'TenantService/CreateUser', user);
        const nobody = { ...ANYONE, tenant: 'acme' as const };
        const logIn = (password: string) =>
          call('AuthService/Login', { tenant: 'acme', email: user.email, password }, nobody);
        const tokens = async (): Promise<{ accessToken: string; refreshToken: string }> =>
          succeeded(await logIn(old))['tokens'] as { accessToken: string; refreshToken: string };
        const [here, elsewhere] = [await tokens(), await tokens()];
        const change = (currentPassword: string, newPassword: string) =>
          call(
            'AuthService/ChangePassword',
            { currentPassword, newPassword },
            { ...nobody, token: here.accessToken },
          );
        refused(await change('a-wrong-password', next), ErrorCode.permissionDenied, 'WRONG_PASSWORD');
        refusedField(await change(old, 'too short'), 'newPassword');
        succeeded(await change(old, next));
        refused(
          await list({ ...nobody, token: elsewhere.accessToken }),
          ErrorCode.unauthenticated,
          'SESSION_ENDED',
        );
        refused(
          await call('AuthService/RefreshToken', { refreshToken: elsewhere.refreshToken }, nobody),
          ErrorCode.unauthenticated,
          'SESSION_ENDED',
        );
        refused(await logIn(old), ErrorCode.unauthenticated, 'WRONG_CREDENTIALS');
        succeeded(await list({ ...nobody, token: here.accessToken }));
        let last = await change(old, next);
        for (let i = 0; i < 8 && last.code === ErrorCode.permissionDenied; i++)
          last = await change(old, next);
        refused(last, ErrorCode.resourceExhausted, 'TOO_MANY_FAILED_LOGINS');
        must(last.retryAfterMs > 0, 'no retryAfter');
      },
    },
    {
      name: "another tenant's visitor token starts a fresh session",
      run: async () => {
        const foreign = await acme.newVisitor('who goes to the other tenant');
        const request = { tenant: 'globex', token: foreign.token };
        const { contactId } = succeeded(
          await call('AuthService/StartVisitorSession', request, { ...ANYONE, tenant: 'globex' }),
        );
        must(contactId !== foreign.contactId, 'the contact of the other tenant was taken over');
      },
    },
    {
      name: 'logins faster than allowed, after wrong passwords',
      run: async () => {
        const login = { tenant: 'globex', email: emailOf('globex', 'dora'), password: 'a-wrong-password' };
        let last = await call('AuthService/Login', login, ANYONE);
        for (let i = 0; i < 8 && last.code === ErrorCode.unauthenticated; i++)
          last = await call('AuthService/Login', login, ANYONE);
        refused(last, ErrorCode.resourceExhausted);
        must(last.retryAfterMs > 0, 'no retryAfter');
      },
    },
  ];
};

/** Identity tokens that the tenant's server did not sign so. */
const identities = async ({ acme, http }: World): Promise<Case[]> => {
  const visitor = await acme.newVisitor('who wants to be somebody');
  const soon = Math.floor(Date.now() / 1000) + 300;
  const sign = (
    payload: Record<string, unknown>,
    alg = 'HS256',
    by = identityKeyOf('acme'),
  ): Promise<string> => new SignJWT(payload).setProtectedHeader({ alg }).sign(key(by));
  const good = { sub: 'customer-1', exp: soon };
  const bad: [string, string][] = [
    ['alg none', `${base64({ alg: 'none' })}.${base64(good)}.`],
    ['the key of the other tenant', await sign(good, 'HS256', identityKeyOf('globex'))],
    ['HS512', await sign(good, 'HS512', identityKeyOf('acme').padEnd(64, 'x'))],
    ['an end that has passed', await sign({ ...good, exp: soon - 3600 })],
    ['no end', await sign({ sub: 'customer-1' })],
    ['no sub', await sign({ exp: soon })],
    ['a sub of 201 characters', await sign({ ...good, sub: 'x'.repeat(201) })],
    ['a name that is an object', await sign({ ...good, name: { first: 'Eve' } })],
    ['attributes that are nested', await sign({ ...good, attributes: { a: { b: 'c' } } })],
    ['our own token', acme.person('boss').token],
    ['no dots', 'text'],
  ];
  return bad.map(([name, jwt]) => ({
    name: `IdentifyVisitor with ${name}`,
    run: async () =>
      refused(
        await http.call(methodOf('AuthService/IdentifyVisitor'), { jwt }, visitor),
        ErrorCode.unauthenticated,
      ),
  }));
};

/** Pages of other sites. */
const origins = ({ http, httpUrl }: World): Case[] => {
  const start = methodOf('AuthService/StartVisitorSession');
  const from = (origin: string) => http.call(start, { tenant: 'acme' }, ANYONE, { origin });
  const foreign = [
    'https://evil.example',
    'null',
    originOf('globex'),
    `${originOf('acme')}.evil.example`,
    'http://shop.acme.example',
    'https://x@shop.acme.example',
  ];
  return [
    ...foreign.map((origin) => ({
      name: `StartVisitorSession from ${origin}`,
      run: async () => refused(await from(origin), ErrorCode.permissionDenied, 'ORIGIN_NOT_ALLOWED'),
    })),
    {
      name: 'StartVisitorSession from the allowed origin',
      run: async () => void succeeded(await from(originOf('acme'))),
    },
    {
      name: 'a preflight from a foreign origin allows nothing',
      run: async () => {
        const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
        const answer = await fetch(`${httpUrl}/${start.path}`, { method: 'OPTIONS', headers });
        must(!answer.headers.has('access-control-allow-origin'), 'it is allowed');
      },
    },
  ];
};
