import { describe, expect, it } from '@jest/globals';
import type { RequestContext } from '@parley/kernel';
import { decodeContext, encodeContext } from './context.js';

const context: RequestContext = {
  tenant: 'acme',
  principal: { role: 'agent', id: 'u-1', name: 'Zoë O’Neill\r\nX: y' },
  deadline: 1_790_000_000_000,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

describe('context header', () => {
  it('comes back as it was, whatever stands in the name', () => {
    const line = encodeContext(context);
    expect(line).toMatch(/^[!-~ ]+$/);
    expect(decodeContext(line, context.traceparent)).toEqual(context);
  });

  it('leaves out a name and a trace that are not there', () => {
    const bare = { tenant: 'acme', principal: { role: 'visitor', id: 'c1' }, deadline: 5 } as const;
    expect(decodeContext(encodeContext(bare), undefined)).toEqual(bare);
  });

  it('survives a name that is no valid Unicode', () => {
    const odd = { ...context, principal: { ...context.principal, name: 'a\ud800' } };
    expect(decodeContext(encodeContext(odd), undefined)?.principal.name).toBe('a\ufffd');
  });

  it.each([
    ['nothing', ''],
    ['a made-up role', 'acme root u-1 5 '],
    ['a wildcard as tenant', '* agent u-1 5 '],
    ['a wildcard as id', 'acme agent > 5 '],
    ['no deadline', 'acme agent u-1  '],
    ['a deadline that is no number', 'acme agent u-1 soon '],
    ['no tenant, for anyone but the system', '. agent u-1 5'],
    ['a broken name', 'acme agent u-1 5 %zz'],
  ])('refuses %s', (_, line) => {
    expect(decodeContext(line, undefined)).toBeUndefined();
  });

  it('lets the system act without a tenant', () => {
    const context = { tenant: '', principal: { role: 'system', id: 'gateway' }, deadline: 5 } as const;
    const line = encodeContext(context);
    expect(line).toBe(line.trim());
    expect(decodeContext(line, undefined)).toEqual(context);
  });
});
