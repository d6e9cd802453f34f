import { describe, expect, it } from '@jest/globals';
import { methods, partitionOfContact, partitionOfTenant, type Method } from '@parley/contracts';
import { ErrorCode, type RequestContext, type Role } from '@parley/kernel';
import { partitionFor, type Partitions } from './partition.js';

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

/** A log that has `real` partitions, of which `current` are known. */
const log = (current: number, real = current): Partitions & { asked: number } => {
  const partitions = {
    current,
    asked: 0,
    refresh: async () => ((partitions.asked += 1), (partitions.current = real)),
    has: async (partition: number) =>
      Number.isInteger(partition) &&
      partition >= 0 &&
      (partition < partitions.current || partition < (await partitions.refresh())),
  };
  return partitions;
};

describe('partitionFor', () => {
  it('follows the id in the request', async () => {
    expect(await partitionFor(send, { conversationId: '3-01abc' }, context(), log(4))).toBe(3);
  });

  it('follows the tenant, the contact, or what the request says', async () => {
    expect(await partitionFor(status, {}, context('agent'), log(4))).toBe(partitionOfTenant('acme'));
    expect(await partitionFor(start, {}, context(), log(16))).toBe(partitionOfContact('acme', 'c1', 16));
    expect(await partitionFor(heads, { partition: 2 }, context('system'), log(4))).toBe(2);
  });

  it('takes the contact from the request for integrations, never for visitors', async () => {
    const request = { contactId: 'somebody-else-entirely' };
    const theirs = partitionOfContact('acme', 'somebody-else-entirely', 1009);
    expect(await partitionFor(start, request, context('integration'), log(1009))).toBe(theirs);
    expect(await partitionFor(start, request, context('visitor'), log(1009))).toBe(
      partitionOfContact('acme', 'c1', 1009),
    );
    expect(theirs).not.toBe(partitionOfContact('acme', 'c1', 1009));
  });

  it.each(['', 'abc', '4-abc', '99999-abc', '1-a.b', '1-*', '>', undefined, 7, '-1-x'])(
    'finds nothing under the id %p',
    async (conversationId) => {
      await expect(partitionFor(send, { conversationId }, context(), log(4))).rejects.toMatchObject({
        code: ErrorCode.notFound,
      });
    },
  );

  it.each([-1, 4, 1.5, Number.NaN])('finds nothing in partition %p', async (partition) => {
    await expect(partitionFor(heads, { partition }, context('system'), log(4))).rejects.toMatchObject({
      code: ErrorCode.notFound,
    });
  });

  it('asks the log again for a partition that it does not know, and for a first one', async () => {
    const raised = log(4, 8);
    expect(await partitionFor(send, { conversationId: '7-abc' }, context(), raised)).toBe(7);
    expect(await partitionFor(send, { conversationId: '6-abc' }, context(), raised)).toBe(6);
    expect(raised.asked).toBe(1);
    expect(await partitionFor(start, {}, context(), log(0, 16))).toBe(partitionOfContact('acme', 'c1', 16));
    expect(await partitionFor(start, {}, context(), log(0))).toBe(0);
  });
});
