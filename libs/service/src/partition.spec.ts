import { describe, expect, it } from '@jest/globals';
import { methods, partitionOfContact, partitionOfTenant, type Method } from '@parley/contracts';
import { ErrorCode, type RequestContext, type Role } from '@parley/kernel';
import { partitionFor } from './partition.js';

const method = (path: string): Method => methods.get(`parley.${path}`)!;
const context = (role: Role = 'visitor'): RequestContext => ({
  tenant: 'acme',
  principal: { role, id: 'c1' },
  deadline: 1,
});
const send = method('conversation.v1.ConversationService/SendMessage');
const start = method('conversation.v1.ConversationService/StartConversation');
const heads = method('conversation.v1.ConversationInternalService/GetHeads');
const status = method('presence.v1.PresenceService/SetStatus');

describe('partitionFor', () => {
  it('follows the id in the request', () => {
    expect(partitionFor(send, { conversationId: '3-01abc' }, context(), 4)).toBe(3);
  });

  it('follows the tenant, the contact, or what the request says', () => {
    expect(partitionFor(status, {}, context('agent'), 4)).toBe(partitionOfTenant('acme'));
    expect(partitionFor(start, {}, context(), 16)).toBe(partitionOfContact('acme', 'c1', 16));
    expect(partitionFor(heads, { partition: 2 }, context('system'), 4)).toBe(2);
  });

  it('takes the contact from the request for integrations, never for visitors', () => {
    const request = { contactId: 'somebody-else-entirely' };
    const theirs = partitionOfContact('acme', 'somebody-else-entirely', 1009);
    expect(partitionFor(start, request, context('integration'), 1009)).toBe(theirs);
    expect(partitionFor(start, request, context('visitor'), 1009)).toBe(
      partitionOfContact('acme', 'c1', 1009),
    );
    expect(theirs).not.toBe(partitionOfContact('acme', 'c1', 1009));
  });

  it.each(['', 'abc', '4-abc', '99999-abc', '1-a.b', '1-*', '>', undefined, 7, '-1-x'])(
    'finds nothing under the id %p',
    (conversationId) => {
      expect(() => partitionFor(send, { conversationId }, context(), 4)).toThrow(
        expect.objectContaining({ code: ErrorCode.notFound }),
      );
    },
  );

  it.each([-1, 4, 1.5, Number.NaN])('finds nothing in partition %p', (partition) => {
    expect(() => partitionFor(heads, { partition }, context('system'), 4)).toThrow(
      expect.objectContaining({ code: ErrorCode.notFound }),
    );
  });
});
