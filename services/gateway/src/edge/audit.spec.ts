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

  const scheduleOf = (schedule: object) => {
    const method = methodOf('RoutingService/PutSchedule');
    const all = { scheduleId: 'office', name: 'Vera’s office', version: 3, ...schedule };
    return auditedDetails(method, method.requestType.fromPartial({ schedule: all }), {});
  };

  it('is the hours of a schedule, its zone and its dates, without the names of these', () => {
    const weekly = [5, 1, 2, 7].map((day) => ({ day, fromMinute: 540, toMinute: 1020 }));
    const details = scheduleOf({
      timeZone: 'Europe/Berlin',
      weekly: [...weekly, { day: 3, fromMinute: 780, toMinute: 1440 }, { day: 3, toMinute: 725 }],
      exceptions: [
        { date: '2026-12-24', name: 'Christmas Eve', periods: [{ fromMinute: 540, toMinute: 720 }] },
        { date: '2026-12-25', name: 'Christmas' },
      ],
    });
    expect(details).toEqual({
      'schedule.timeZone': 'Europe/Berlin',
      'schedule.weekly': 'Mon-Tue 09:00-17:00, Wed 00:00-12:05 13:00-24:00, Fri 09:00-17:00, Sun 09:00-17:00',
      'schedule.exceptions': '2026-12-24 09:00-12:00, 2026-12-25 closed',
    });
  });

  it('is another one after a change of an hour', () => {
    const until = (toMinute: number) =>
      scheduleOf({ weekly: [{ day: 1, fromMinute: 540, toMinute }] })['schedule.weekly'];
    expect([until(1020), until(1080)]).toEqual(['Mon 09:00-17:00', 'Mon 09:00-18:00']);
  });

  it('is no longer than 200 characters, and says so when there is more', () => {
    const exceptions = Array.from({ length: 28 }, (_, i) => ({
      date: `2026-02-${String(i + 1).padStart(2, '0')}`,
    }));
    const told = scheduleOf({ exceptions })['schedule.exceptions'];
    expect(told).toMatch(/^2026-02-01 closed, .*… \(28 in all\)$/);
    expect(told).toHaveLength(200);
  });

  it('is the languages of an agent', () => {
    const request = routing.PutAgentRequest.fromPartial({ agentId: 'ann', languages: ['de', 'zh-Hant-TW'] });
    expect(auditedDetails(methodOf('RoutingService/PutAgent'), request, {})).toEqual({
      agentId: 'ann',
      languages: 'de, zh-Hant-TW',
    });
  });

  it('is where a workflow leads to and what it asks for, without its names and conditions', () => {
    const draft = routing.SaveWorkflowDraftRequest.fromPartial({
      workflow: {
        filters: [
          {
            name: 'Vera’s chats',
            when: 'contact.email == "vera@example.org"',
            requirements: { skills: { billing: 4, tech: 2 }, language: 'visitor' },
            targets: [
              { to: { $case: 'queueId', value: 'sales' }, untilSeconds: 60, skipIf: 'topic == "Vera"' },
              { to: { $case: 'queueId', value: 'support' } },
            ],
          },
          { targets: [{ to: { $case: 'overflow', value: routing.Overflow.OVERFLOW_TAKE_MESSAGE } }] },
        ],
      },
      mustBeNew: true,
    });
    expect(auditedDetails(methodOf('RoutingService/SaveWorkflowDraft'), draft, {})).toEqual({
      'workflow.filters': 'sales > support (billing 4, tech 2, visitor); OVERFLOW_TAKE_MESSAGE',
    });
  });

  it('is how many there are of what has no short form', () => {
    const method = methods.get('parley.routing.v1.RoutingInternalService/ReportReplies')!;
    const request = { reports: [{}, {}] };
    expect(auditedDetails(method, method.requestType.fromPartial(request), {})).toEqual({
      reports: '2 entries',
    });
  });

  it('is never what does not look like a zone, a date, a tag or an id', () => {
    const odd = 'Vera Person, vera@example.org';
    const schedule = scheduleOf({
      timeZone: odd,
      weekly: [{ day: 1, toMinute: 9e6 }],
      exceptions: [{ date: odd }],
    });
    const agent = routing.PutAgentRequest.fromPartial({ languages: [odd] });
    const draft = routing.SaveWorkflowDraftRequest.fromPartial({
      workflow: {
        filters: [
          {
            requirements: { skills: { [odd]: 1 }, language: odd },
            targets: [{ to: { $case: 'queueId', value: odd } }, {}],
          },
          {},
        ],
      },
    });
    expect(schedule).toEqual({
      'schedule.timeZone': '?',
      'schedule.weekly': 'Mon ?',
      'schedule.exceptions': '? closed',
    });
    expect(auditedDetails(methodOf('RoutingService/PutAgent'), agent, {})).toEqual({ languages: '?' });
    expect(auditedDetails(methodOf('RoutingService/SaveWorkflowDraft'), draft, {})).toEqual({
      'workflow.filters': '? > ? (? 1, ?); ?',
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
