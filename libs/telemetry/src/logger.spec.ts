import { describe, expect, it } from '@jest/globals';
import { concerning } from './log-context.js';
import { createLogger, setLogLevel } from './logger.js';

const recorded = (level: 'info' | 'debug' = 'info') => {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger('test', {
    level,
    destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  return { lines, logger };
};

describe('createLogger', () => {
  it('redacts personal fields and secrets at any depth, whatever their spelling', () => {
    const { lines, logger } = recorded();
    const secret = 'hunter2';
    logger.info(
      {
        email: secret,
        id: 'c1',
        a: [{ access_token: secret, b: { c: { d: { Authorization: secret, Text: secret, name: secret } } } }],
      },
      'hello',
    );
    logger.child({ password: secret, currentPassword: secret, new_password: secret, id: 'x' }).info('child');
    expect(JSON.stringify(lines)).not.toContain(secret);
    expect(lines[0]).toMatchObject({ id: 'c1', email: '[redacted]', msg: 'hello', service: 'test' });
    expect(lines[1]).toMatchObject({ id: 'x', password: '[redacted]' });
  });

  it('keeps errors readable and bytes out', () => {
    const { lines, logger } = recorded();
    logger.error({ err: new Error('broke'), frame: new Uint8Array(3) }, 'x');
    expect(lines[0]).toMatchObject({ err: { message: 'broke' }, frame: '[3 bytes]' });
  });

  it('tells of errors which ones they were, not what they hold', () => {
    const { lines, logger } = recorded();
    const inner = new Error('E11000 duplicate key: dup key: { email: "hunter2" }');
    const outer = Object.assign(new Error('write to eve@hunter2.example failed', { cause: inner }), {
      code: 11000,
      details: { reason: 'TAKEN', text: 'hunter2' },
      rejected: ['hunter2'],
    });
    logger.error({ err: outer }, 'x');
    try {
      JSON.parse('{"text": hunter2}');
    } catch (error) {
      logger.error({ err: error, also: { deeper: outer } }, 'y');
    }
    expect(JSON.stringify(lines)).not.toContain('hunter2');
    expect(lines[0]).toMatchObject({
      err: { type: 'Error', message: 'write to [mail] failed', code: 11000, reason: 'TAKEN' },
    });
    expect(lines[0]).toHaveProperty('err.stack', expect.stringMatching(/^Error: .*\n\s+at /));
    expect(lines[0]).toHaveProperty('err.cause.message', 'E11000 duplicate key: dup key');
    expect(lines[1]).toHaveProperty('err.type', 'SyntaxError');
  });

  it.each([
    ['mongodb://root:hunter2@db.example:27017', 'mongodb://db.example:27017'],
    ['authorization was Bearer hunter2.hunter2', 'authorization was [token]'],
    ['eyJhbGciOiJIUzI1NiJ9.hunter2.hunter2', '[token]'],
    ['pk_main.hunter2hunter2hunter2', '[key]'],
    ['<hunter2+x@mail.shop.example>', '<[mail]>'],
    ['file:///app/node_modules/@nats-io/core/lib.js', 'file:///app/node_modules/@nats-io/core/lib.js'],
  ])('writes %s as %s, wherever it stands', (text, written) => {
    const { lines, logger } = recorded();
    logger.info({ at: text }, text);
    expect(lines[0]).toMatchObject({ at: written, msg: written });
  });

  it('says on each line whom it concerns', async () => {
    const { lines, logger } = recorded();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const concern = { context: { tenant: 't1', traceparent }, request: { conversationId: 'c1', text: 'no' } };
    await concerning(concern, async () => {
      await Promise.resolve();
      logger.child({ part: 'x' }).info('within');
      logger.info({ conversationId: 'c2' }, 'another one');
      concerning({ context: { tenant: 't1' }, request: { conversationId: 'no id: a text' } }, () =>
        logger.info('malformed'),
      );
    });
    logger.info('outside');
    expect(lines[0]).toMatchObject({
      tenant: 't1',
      conversationId: 'c1',
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      span_id: 'b7ad6b7169203331',
    });
    expect(lines[1]).toMatchObject({ tenant: 't1', conversationId: 'c2' });
    expect(lines[2]).not.toHaveProperty('conversationId');
    expect(lines[3]).not.toHaveProperty('tenant');
  });

  it('does not choke on what refers to itself', () => {
    const { lines, logger } = recorded();
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    logger.info(loop, 'loop');
    expect(lines).toHaveLength(1);
  });

  it('changes its level while running', () => {
    const { lines, logger } = recorded();
    const child = logger.child({ part: 'x' });
    logger.debug('not yet');
    setLogLevel('debug');
    logger.debug('now');
    child.debug('the child too');
    expect(lines.map((line) => line['msg'])).toEqual(['now', 'the child too']);
  });
});
