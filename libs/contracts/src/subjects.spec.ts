import { describe, expect, it } from '@jest/globals';
import * as subjects from './subjects.js';

describe('subjects', () => {
  it.each(['*', '>', 'a.b', '', 'a b', '$'])('never carry %j', (evil) => {
    expect(() => subjects.logSubject('conversation', 0, evil, 'id')).toThrow('not a subject token');
    expect(() => subjects.logSubject('conversation', 0, 'acme', evil)).toThrow('not a subject token');
    expect(() => subjects.conversationLiveSubject('acme', evil)).toThrow('not a subject token');
    expect(() => subjects.inboxLiveSubject('acme', `agent-${evil}`)).toThrow('not a subject token');
    expect(() => subjects.offerLiveSubject(evil, 'anna')).toThrow('not a subject token');
  });

  it('put an aggregate below its partition, tenant and id', () => {
    expect(subjects.logSubject('conversation', 2, 'acme', '2-abc')).toBe('conversation.2.acme.2-abc');
    expect(subjects.streamSubjects('conversation', 2)).toBe('conversation.2.>');
    expect(subjects.inboxLiveSubject('acme', 'queue-default')).toBe('inbox.live.acme.queue-default');
  });

  it('spread tenants and contacts over all partitions', () => {
    const names = Array.from({ length: 400 }, (_, i) => `tenant-${i}`);
    const tenants = new Set(names.map((n) => subjects.partitionOfTenant(n)));
    const contacts = new Set(names.map((n) => subjects.partitionOfContact('acme', n, 16)));
    expect([...tenants].sort()).toEqual([0, 1, 2, 3]);
    expect(contacts.size).toBe(16);
  });
});
