import { describe, expect, it } from '@jest/globals';
import { checkJson } from './validate.js';

const SEND = 'parley.conversation.v1.SendMessageRequest';
const START = 'parley.conversation.v1.StartConversationRequest';
const send = { conversationId: '0-abc', messageId: 'm1', text: 'Hello', clientSeq: 1 };
const fieldsOf = (message: string, json: unknown): string[] => checkJson(message, json).map((v) => v.field);

describe('checking JSON against the contracts', () => {
  it('accepts what the contract describes', () => {
    expect(checkJson(SEND, send)).toEqual([]);
    expect(
      checkJson(START, { commandId: 'c1', channel: 'CHANNEL_WEB_CHAT', prechat: { name: 'Ada' } }),
    ).toEqual([]);
  });

  it('names every required field that is missing or empty', () => {
    expect(fieldsOf(SEND, {})).toEqual(['conversationId', 'messageId', 'text']);
    expect(fieldsOf(SEND, { ...send, text: '' })).toEqual(['text']);
    expect(fieldsOf(SEND, { ...send, text: null })).toEqual(['text']);
  });

  it.each(['*', '>', 'a.b', '$SYS', 'a b', 'ü', 'x'.repeat(65)])('refuses %j as an id', (id) => {
    expect(fieldsOf(SEND, { ...send, conversationId: id })).toEqual(['conversationId']);
  });

  it.each([
    ['text', 5],
    ['text', {}],
    ['text', ['a']],
    ['clientSeq', 'many'],
    ['clientSeq', -1],
    ['clientSeq', 1.5],
    ['clientSeq', 2 ** 32],
    ['clientSeq', true],
  ])('refuses %s = %j, a wrong type or range', (field, value) => {
    expect(fieldsOf(SEND, { ...send, [field]: value })).toEqual([field]);
  });

  it('refuses unknown fields and says which there are', () => {
    const [violation] = checkJson(SEND, { ...send, txet: 'Hello' });
    expect(violation?.field).toBe('txet');
    expect(violation?.description).toContain('clientSeq');
  });

  it('measures texts in UTF-8 bytes', () => {
    expect(checkJson(SEND, { ...send, text: 'é'.repeat(32768) })).toEqual([]);
    expect(fieldsOf(SEND, { ...send, text: 'é'.repeat(32769) })).toEqual(['text']);
  });

  it('refuses half a surrogate pair, which UTF-8 cannot carry', () => {
    expect(fieldsOf(SEND, { ...send, text: 'a\ud800b' })).toEqual(['text']);
    expect(checkJson(SEND, { ...send, text: 'a😀b' })).toEqual([]);
  });

  it('checks enums, nested messages, maps, lists and times, with their paths', () => {
    expect(fieldsOf(START, { commandId: 'c', channel: 'FAX' })).toEqual(['channel']);
    expect(fieldsOf(START, { commandId: 'c', page: { url: 7 } })).toEqual(['page.url']);
    expect(fieldsOf(START, { commandId: 'c', page: 'home' })).toEqual(['page']);
    expect(fieldsOf(START, { commandId: 'c', prechat: { age: 7 } })).toEqual(['prechat.age']);
    expect(fieldsOf('parley.conversation.v1.GetHeadsRequest', { conversationIds: ['ok', '*'] })).toEqual([
      'conversationIds[1]',
    ]);
    const report = 'parley.analytics.v1.GetReportRequest';
    expect(fieldsOf(report, { from: 'yesterday', to: '2026-01-31T00:00:00Z' })).toEqual(['from']);
  });

  it('applies bounds and patterns', () => {
    const rate = 'parley.conversation.v1.RateConversationRequest';
    expect(fieldsOf(rate, { conversationId: 'a', commandId: 'b', score: 6 })).toEqual(['score']);
    const conversion = 'parley.conversation.v1.RecordConversionRequest';
    const given = { conversationId: 'a', conversionId: 'b', name: 'order', currency: 'eur' };
    expect(fieldsOf(conversion, given)).toEqual(['currency']);
  });

  it('allows one case of a oneof', () => {
    const frame = { hello: { protocolVersion: 1, token: 't' }, ping: {} };
    expect(fieldsOf('parley.gateway.v1.ClientFrame', frame)).toEqual(['ping']);
  });

  it.each([null, 'text', 5, [], undefined])('refuses %j in place of a message', (json) => {
    expect(checkJson(SEND, json)).toHaveLength(1);
  });

  it('stops reporting after twenty violations', () => {
    const heads = { conversationIds: Array.from({ length: 100 }, () => '*') };
    expect(checkJson('parley.conversation.v1.GetHeadsRequest', heads)).toHaveLength(20);
  });
});
