import { describe, expect, it } from '@jest/globals';
import { messageSchemas } from './gen/schema.js';
import { methods, publicMethods } from './methods.js';

describe('the table of methods', () => {
  it('has codecs for every method', () => {
    for (const method of methods.values()) {
      expect(
        method.requestType.decode(method.requestType.encode(method.requestType.fromJSON({})).finish()),
      ).toEqual(method.requestType.fromJSON({}));
      expect(typeof method.responseType.toJSON).toBe('function');
    }
  });

  it('keeps what is between services out of the public', () => {
    expect(publicMethods.filter((m) => m.service.includes('Internal'))).toEqual([]);
    expect(publicMethods.length).toBeGreaterThan(40);
  });

  it('gives every command a key that exists', () => {
    const missing = [...methods.values()].filter((m) => {
      if (m.kind !== 'command') return m.key !== undefined;
      if (['tenant', 'contact', 'partition'].includes(m.key ?? '')) return false;
      const camel = (m.key ?? '').replace(/_(.)/g, (_, c: string) => c.toUpperCase());
      return !messageSchemas[m.request]?.some((f) => f.name === camel && f.rules?.id && f.rules.required);
    });
    expect(missing.map((m) => m.path)).toEqual([]);
  });

  it('lets visitors call nothing that is for the staff', () => {
    const forVisitors = publicMethods.filter((m) => m.roles.includes('visitor')).map((m) => m.name);
    expect(forVisitors).not.toEqual(expect.arrayContaining(['AddNote']));
    expect(forVisitors.filter((name) => /Search|Inbox|Users|Audit|Report|Webhook|Erase/.test(name))).toEqual(
      [],
    );
  });
});
