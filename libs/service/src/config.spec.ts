import { describe, expect, it } from '@jest/globals';
import { baseConfig } from './base-config.js';
import { ConfigError, defineConfig, shownConfig } from './config.js';

const config = defineConfig({
  SMTP_URL: {
    type: 'url',
    default: '',
    protocols: ['smtp', 'smtps'],
    example: 'smtp://mail:25',
    doc: 'mail server',
  },
  WORKERS: { type: 'integer', min: 1, max: 8, doc: 'workers' },
  RATE: { type: 'number', default: 0.5, doc: 'rate' },
  VERBOSE: { type: 'boolean', default: false, doc: 'more words' },
  HOSTS: { type: 'list', default: [], example: 'a.example,b.example', doc: 'hosts' },
  MODE: { type: 'choice', choices: ['fast', 'safe'], default: 'safe', doc: 'mode' },
  PEER: { type: 'address', default: '', doc: 'peer' },
});

const messageOf = (env: Record<string, string>): string => {
  try {
    config.read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  throw new Error('was accepted');
};

describe('defineConfig', () => {
  it('takes gRPC targets with their scheme for addresses', () => {
    for (const PEER of ['peer:80', 'dns:///peer:80', 'ipv4:127.0.0.1:80,127.0.0.1:81'])
      expect(config.read({ WORKERS: '1', PEER }).PEER).toBe(PEER);
    expect(messageOf({ WORKERS: '1', PEER: 'http://peer:80' })).toMatch(/PEER is .*, not host:port/);
  });

  it('reads every type', () => {
    const env = {
      SMTP_URL: 'smtp://mail:25',
      WORKERS: ' 3 ',
      RATE: '1.5',
      VERBOSE: 'yes',
      HOSTS: 'a, b,',
      MODE: 'fast',
      PEER: 'localhost:80',
    };
    expect(config.read(env)).toEqual({ ...env, WORKERS: 3, RATE: 1.5, VERBOSE: true, HOSTS: ['a', 'b'] });
  });

  it('takes the default of what is missing or empty', () => {
    expect(config.read({ WORKERS: '1', RATE: '' })).toMatchObject({
      SMTP_URL: '',
      RATE: 0.5,
      VERBOSE: false,
      HOSTS: [],
      MODE: 'safe',
    });
  });

  it('tells every problem at once, each with name, value and example', () => {
    const message = messageOf({
      SMTP_URL: 'http://x',
      RATE: 'much',
      VERBOSE: 'maybe',
      MODE: 'slow',
      PEER: 'x',
    });
    expect(message.split('\n').slice(1)).toEqual([
      '  SMTP_URL starts with http://, not smtp:// or smtps:// (for example smtp://mail:25: mail server)',
      '  WORKERS is not set (for example 8: workers)',
      '  RATE is "much", not a number (for example 0.5: rate)',
      '  VERBOSE is "maybe", not true or false (for example true: more words)',
      '  MODE is "slow", not one of fast, safe (for example fast: mode)',
      '  PEER is "x", not host:port (for example 127.0.0.1:7102: peer)',
    ]);
  });

  it.each(['0', '9', '1.5', '1e99', 'NaN'])(
    'refuses %s where a whole number from 1 to 8 is wanted',
    (value) => {
      expect(messageOf({ WORKERS: value })).toContain('not a whole number from 1 to 8');
    },
  );

  it('never shows a URL, which may hold a password', () => {
    expect(messageOf({ WORKERS: '1', SMTP_URL: 'me:hunter2@host' })).not.toContain('hunter2');
  });

  it('has defaults that pass for everything that all services read', () => {
    expect(baseConfig.read({})).toMatchObject({ PARLEY_PARTITIONS: 4, PARLEY_LOG_LEVEL: 'info' });
  });

  it('is shown without secrets, logins and parameters', () => {
    const { spec } = defineConfig({
      KEY: { type: 'string', secret: true, doc: 'k' },
      NONE: { type: 'list', secret: true, default: [], doc: 'n' },
      URL: { type: 'url', doc: 'u' },
      PORT: { type: 'integer', doc: 'p' },
    });
    const URL = 'mongodb://root:pass@a.example,root:pass@b.example/parley?authSource=secret';
    const shown = shownConfig(spec, { KEY: 'hunter2', NONE: [], URL, PORT: 1 });
    expect(shown).toEqual({
      KEY: '(set)',
      NONE: '(not set)',
      URL: 'mongodb://b.example/parley',
      PORT: 1,
    });
  });
});
