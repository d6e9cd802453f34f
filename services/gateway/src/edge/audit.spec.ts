import { describe, expect, it } from '@jest/globals';
import { conversation, methods, presence, publicMethods, routing, type Method } from '@parley/contracts';
import { auditedDetails } from './audit-details.js';
import { auditedMethods, auditedTarget } from './audit.js';

const methodOf = (name: string): Method => {
  const found = publicMethods.find(({ path }) => path.endsWith(`.${name}`));
  if (!found) throw new Error(`no method ${name}`);
  return found;
};

/** Methods that change nothing, by how they begin. */
const READS = /^(Get|List|Search|Explain|Preview|Validate|DryRun|Watch|Export)/;

/** What people and programs do all day; the log of the conversation, of routing or of presence has who did it. */
const EVERYDAY = [
  'ConversationService/StartConversation',
  'ConversationService/SendMessage',
  'ConversationService/AddNote',
  'ConversationService/MarkRead',
  'ConversationService/CloseConversation',
  'ConversationService/ReopenConversation',
  'ConversationService/RecordConversion',
  'ConversationService/UpdateContact',
  'ConversationService/CancelTransfer',
  'ConversationService/HoldConversation',
  'ConversationService/ResumeConversation',
  'ConversationService/ParkConversation',
  'ConversationService/UnparkConversation',
  'ConversationService/LeaveConversation',
  'ConversationService/AssignFollowUp',
  'ConversationService/AnswerFollowUp',
  'ConversationService/QueueConversation',
  'RoutingService/AcceptOffer',
  'RoutingService/DeclineOffer',
  'RoutingService/EndWrapUp',
  'NotificationService/SendTranscript',
];

const short = ({ path }: Method): string => path.slice(path.lastIndexOf('.') + 1);

describe('what goes to the audit log', () => {
  it('has every method by which somebody above visitors changes something, but for everyday ones', () => {
    const changes = publicMethods.filter(
      ({ name, kind, roles }) =>
        // What the gateway carries out itself writes facts of its own; see tenants/api.ts and sessions/api.ts.
        kind !== 'gateway' &&
        !READS.test(name) &&
        roles.some((role) => role === 'supervisor' || role === 'admin' || role === 'integration'),
    );
    const forgotten = changes.filter(
      (each) => !auditedMethods.has(each.path) && !EVERYDAY.includes(short(each)),
    );
    expect(forgotten.map(short)).toEqual([]);
    expect(changes.length).toBeGreaterThan(EVERYDAY.length);
  });

  it('names no method twice, and none that there is not', () => {
    expect([...auditedMethods].filter((path) => !methods.has(path))).toEqual([]);
    const names = publicMethods.map(short);
    expect(EVERYDAY.filter((name) => !names.includes(name))).toEqual([]);
    expect(EVERYDAY.filter((name) => auditedMethods.has(methodOf(name).path))).toEqual([]);
  });

  it('says of every act what it was done to', () => {
    const ids = {
      conversationId: 'c',
      contactId: 'k',
      queueId: 'q',
      agentId: 'a',
      teamId: 't',
      skillId: 's',
      endpointId: 'e',
      deliveryId: 'd',
      schedule: { scheduleId: 'h' },
      scheduleId: 'h',
    };
    const response = { presence: { agentId: 'a' }, summary: { agentIds: [] } };
    const nameless = publicMethods
      .filter(({ path }) => auditedMethods.has(path) && !path.endsWith('/ListEvents'))
      .filter((method) => {
        const request = method.requestType.fromPartial(ids);
        return !auditedTarget(method, request, response, { role: 'admin', id: 'ada' });
      });
    expect(nameless.map(short)).toEqual([]);
  });

  it('has a status that somebody else set, and not one’s own', () => {
    const response = presence.SetStatusResponse.fromPartial({ presence: { agentId: 'ann' } });
    const by = (id: string, agentId: string): string | undefined =>
      auditedTarget(methodOf('PresenceService/SetStatus'), { agentId }, response, { role: 'supervisor', id });
    expect(by('sue', 'ann')).toBe('ann');
    expect(by('ann', 'ann')).toBeUndefined();
    expect(by('ann', '')).toBeUndefined();
  });

  it('has chats that a supervisor hands on, and not those that an agent does', () => {
    const method = methodOf('ConversationService/TransferConversation');
    const request = conversation.TransferConversationRequest.fromPartial({ conversationId: '0-c' });
    expect(auditedTarget(method, request, {}, { role: 'supervisor', id: 'sue' })).toBe('0-c');
    expect(auditedTarget(method, request, {}, { role: 'agent', id: 'ann' })).toBeUndefined();
  });
});

describe('what an entry says was done', () => {
  it('is ids, numbers, switches and choices, and the version that came of it', () => {
    const request = routing.PutAgentRequest.fromPartial({
      commandId: 'x1',
      agentId: 'ann',
      name: 'Ann Person',
      capacity: 3,
      queueIds: ['sales', 'support'],
      skills: { billing: 4 },
      expectedVersion: 6,
    });
    const response = routing.PutAgentResponse.fromPartial({ agent: { agentId: 'ann', version: 7 } });
    expect(auditedDetails(methodOf('RoutingService/PutAgent'), request, response)).toEqual({
      agentId: 'ann',
      capacity: '3',
      queueIds: 'sales, support',
      skills: 'billing: 4',
      version: '7',
    });
    const status = presence.SetStatusRequest.fromPartial({ status: routing.AgentStatus.AGENT_STATUS_AWAY });
    expect(auditedDetails(methodOf('PresenceService/SetStatus'), status, {})).toEqual({
      status: 'AGENT_STATUS_AWAY',
    });
  });

  it('is how much there is of what is changed as a whole', () => {
    const schedule = routing.PutScheduleRequest.fromPartial({
      schedule: {
        scheduleId: 'office',
        name: 'Office',
        timeZone: 'Europe/Berlin',
        weekly: [1, 2].map((day) => ({ day, fromMinute: 540, toMinute: 600 })),
        exceptions: [{ date: '2026-12-25', name: 'Christmas' }],
        version: 3,
      },
    });
    expect(auditedDetails(methodOf('RoutingService/PutSchedule'), schedule, {})).toEqual({
      'schedule.weekly': '2 entries',
      'schedule.exceptions': '1 entry',
    });
    const draft = routing.SaveWorkflowDraftRequest.fromPartial({
      workflow: { filters: [{ name: 'Vera’s chats', when: 'contact.email == "vera@example.org"' }] },
      mustBeNew: true,
    });
    expect(auditedDetails(methodOf('RoutingService/SaveWorkflowDraft'), draft, {})).toEqual({
      'workflow.filters': '1 entry',
    });
  });

  it('is never a text, a name or what is personal', () => {
    const request = conversation.WhisperToAgentRequest.fromPartial({
      conversationId: '0-c',
      whisperId: 'w',
      text: 'ask for the order number',
    });
    const details = auditedDetails(methodOf('ConversationService/WhisperToAgent'), request, { version: 4 });
    expect(details).toEqual({ conversationId: '0-c' });
    for (const method of publicMethods.filter(({ path }) => auditedMethods.has(path))) {
      const secret = method.requestType.fromPartial({
        name: 'secret',
        text: 'secret',
        summary: 'secret',
        url: 'secret',
      });
      expect(JSON.stringify(auditedDetails(method, secret, {}))).not.toContain('secret');
    }
  });
});
