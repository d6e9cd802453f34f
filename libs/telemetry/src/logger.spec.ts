import { describe, expect, it } from '@jest/globals';
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
    logger.child({ password: secret, id: 'x' }).info('child');
    expect(JSON.stringify(lines)).not.toContain(secret);
    expect(lines[0]).toMatchObject({ id: 'c1', email: '[redacted]', msg: 'hello', service: 'test' });
    expect(lines[1]).toMatchObject({ id: 'x', password: '[redacted]' });
  });

  it('keeps errors readable and bytes out', () => {
    const { lines, logger } = recorded();
    logger.error({ err: new Error('broke'), frame: new Uint8Array(3) }, 'x');
    expect(lines[0]).toMatchObject({ err: { message: 'broke' }, frame: '[3 bytes]' });
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
