import { beforeEach, describe, expect, it } from '@jest/globals';
import { GATEWAY_LEASES, presence, routing } from '@parley/contracts';
import { config } from './config.js';
import { type Effect, Roster } from './domain.js';

const { AGENT_STATUS_AVAILABLE, AGENT_STATUS_AWAY, AGENT_STATUS_BUSY, AGENT_STATUS_OFFLINE } =
  routing.AgentStatus;
const agentSession = (sessionId: string): presence.Session => ({
  sessionId,
  tenant: 'acme',
  kind: presence.Session_Kind.KIND_AGENT,
  principalId: 'anna',
  conversationId: '',
  activeAt: undefined,
  awayAfterSeconds: 0,
});
const visitorSession = (sessionId: string, conversationId = '0-chat'): presence.Session => ({
  ...agentSession(sessionId),
  kind: presence.Session_Kind.KIND_VISITOR,
  principalId: 'v-1',
  conversationId,
});
const kinds = (effects: Effect[]): string[] => effects.map((e) => e.kind);

describe('the roster of a tenant', () => {
  let roster: Roster;
  beforeEach(() => {
    roster = new Roster({ agentGraceMs: 8_000, agentResetMs: 600_000, visitorLeftMs: 60_000 });
  });
  const anna = () => roster.agents.get('anna')!;

  it('has an agent online with the first socket and for the grace time after the last', () => {
    roster.opened(agentSession('s1'), 0);
    roster.opened(agentSession('s2'), 0);
    roster.closed(agentSession('s1'), 1_000);
    expect(kinds(roster.tick(20_000))).toEqual([]);
    expect(anna().online).toBe(true);
    roster.closed(agentSession('s2'), 21_000);
    expect(kinds(roster.tick(28_999))).toEqual([]);
    expect(kinds(roster.tick(29_000))).toEqual(['agent-changed']);
    expect(anna().online).toBe(false);
  });

  it('has who was at a gateway that died offline within 15 s, as gateways and presence are set by default', () => {
    const { PARLEY_AGENT_GRACE_MS } = config.read({});
    const byDefault = new Roster({
      agentGraceMs: PARLEY_AGENT_GRACE_MS,
      agentResetMs: 600_000,
      visitorLeftMs: 60_000,
    });
    byDefault.opened(agentSession('s1'), 0);
    // Its death is noticed when its lease ends, and counts from when that was last renewed.
    const noticedAt = 60_000 + GATEWAY_LEASES.ttlMs;
    byDefault.closed(agentSession('s1'), 60_000);
    expect(noticedAt).toBeLessThan(75_000);
    expect(kinds(byDefault.tick(Math.max(noticedAt, 74_000)))).toEqual(['agent-changed']);
    expect(byDefault.agents.get('anna')?.online).toBe(false);
  });

  it('keeps an agent online over a reload', () => {
    roster.opened(agentSession('s1'), 0);
    roster.closed(agentSession('s1'), 1_000);
    roster.opened(agentSession('s2'), 3_000);
    expect(kinds(roster.tick(60_000))).toEqual([]);
    expect(anna().online).toBe(true);
  });

  it('keeps the status of an agent who comes back soon, and sets a long absent one to offline', () => {
    roster.opened(agentSession('s1'), 0);
    roster.setStatus('anna', AGENT_STATUS_AVAILABLE, 0);
    roster.closed(agentSession('s1'), 0);
    roster.tick(599_999);
    expect(anna().status).toBe(AGENT_STATUS_AVAILABLE);
    roster.tick(600_000);
    expect(anna().status).toBe(AGENT_STATUS_OFFLINE);
  });

  it('goes away for want of activity and comes back with it; what somebody chose meanwhile stays', () => {
    roster.opened(agentSession('s1'), 0);
    const set = (status: routing.AgentStatus, automatic: boolean) =>
      kinds(roster.setStatus('anna', status, 0, { automatic }));
    set(AGENT_STATUS_AVAILABLE, false);
    expect(set(AGENT_STATUS_AWAY, true)).toEqual(['agent-changed']);
    expect(anna()).toMatchObject({ status: AGENT_STATUS_AWAY, automatic: true });
    expect(set(AGENT_STATUS_AVAILABLE, true)).toEqual(['agent-changed']);
    expect(anna()).toMatchObject({ status: AGENT_STATUS_AVAILABLE, automatic: false });
    set(AGENT_STATUS_BUSY, false);
    expect([set(AGENT_STATUS_AWAY, true), set(AGENT_STATUS_AVAILABLE, true)]).toEqual([[], []]);
    expect(anna().status).toBe(AGENT_STATUS_BUSY);
  });

  it('keeps who set themselves away there, also when it was automatic before', () => {
    roster.opened(agentSession('s1'), 0);
    roster.setStatus('anna', AGENT_STATUS_AVAILABLE, 0);
    roster.setStatus('anna', AGENT_STATUS_AWAY, 0, { automatic: true });
    const before = anna().reportRevision;
    expect(kinds(roster.setStatus('anna', AGENT_STATUS_AWAY, 1))).toEqual(['agent-changed']);
    expect(roster.setStatus('anna', AGENT_STATUS_AVAILABLE, 2, { automatic: true })).toEqual([]);
    // Routing need not hear of it.
    expect(anna()).toMatchObject({ status: AGENT_STATUS_AWAY, automatic: false, reportRevision: before });
  });

  describe('of an agent whose desk tells of activity', () => {
    const active = (seconds: number, awayAfterSeconds = 600, sessionId = 's1'): presence.Session => ({
      ...agentSession(sessionId),
      activeAt: new Date(seconds * 1000),
      awayAfterSeconds,
    });
    beforeEach(() => {
      roster.opened(active(0), 0);
      roster.setStatus('anna', AGENT_STATUS_AVAILABLE, 0);
    });

    it('has them away when nothing was touched for as long as they asked, and back with the next touch', () => {
      expect(roster.tick(599_999)).toEqual([]);
      expect(kinds(roster.tick(600_000))).toEqual(['agent-changed']);
      expect(anna()).toMatchObject({ status: AGENT_STATUS_AWAY, automatic: true });
      expect(roster.tick(601_000)).toEqual([]);
      // A snapshot tells of the old activity again.
      expect(roster.opened(active(0), 602_000)).toEqual([]);
      expect(kinds(roster.opened(active(603), 603_000))).toEqual(['agent-changed']);
      expect(anna()).toMatchObject({ status: AGENT_STATUS_AVAILABLE, automatic: false });
      expect(anna().reportRevision).toBe(anna().revision);
    });

    it('counts the last touch at any of several devices, and goes by what was asked for there', () => {
      roster.opened(active(400, 900, 's2'), 400_000);
      roster.opened(active(0), 410_000);
      expect(roster.tick(1_299_999)).toEqual([]);
      expect(kinds(roster.tick(1_300_000))).toEqual(['agent-changed']);
      roster.opened(active(1_310, 0, 's2'), 1_310_000);
      expect(anna().status).toBe(AGENT_STATUS_AVAILABLE);
      expect(roster.tick(9_000_000)).toEqual([]);
    });

    it('takes a status that is set by hand for activity, also from elsewhere', () => {
      roster.tick(600_000);
      roster.setStatus('anna', AGENT_STATUS_AVAILABLE, 700_000);
      expect(roster.tick(1_299_999)).toEqual([]);
      expect(kinds(roster.tick(1_300_000))).toEqual(['agent-changed']);
    });

    it('leaves alone who is busy, and those of whose activity nothing is known', () => {
      roster.setStatus('anna', AGENT_STATUS_BUSY, 0);
      roster.opened({ ...agentSession('b1'), principalId: 'ben' }, 0);
      roster.setStatus('ben', AGENT_STATUS_AVAILABLE, 0);
      expect(roster.tick(9_000_000)).toEqual([]);
    });
  });

  it('lets who finishes their chats be away until told that there are none, then offline', () => {
    roster.opened(agentSession('s1'), 0);
    roster.setStatus('anna', AGENT_STATUS_AVAILABLE, 0);
    expect(roster.finished('anna', anna().revision, 1)).toEqual([]);
    expect(kinds(roster.setStatus('anna', AGENT_STATUS_AWAY, 0, { finishing: true }))).toEqual([
      'agent-changed',
    ]);
    expect(anna()).toMatchObject({ status: AGENT_STATUS_AWAY, finishing: true });
    const asked = anna().revision;
    // They thought better of it and again of that while routing was asked.
    roster.setStatus('anna', AGENT_STATUS_AVAILABLE, 2);
    expect(anna().finishing).toBe(false);
    roster.setStatus('anna', AGENT_STATUS_AWAY, 3, { finishing: true });
    expect(roster.finished('anna', asked, 4)).toEqual([]);
    expect(kinds(roster.finished('anna', anna().revision, 5))).toEqual(['agent-changed']);
    expect(anna()).toMatchObject({ status: AGENT_STATUS_OFFLINE, finishing: false });
  });

  it('has nobody leave a conversation in which they go on as another contact', () => {
    roster.opened(visitorSession('s1'), 0);
    roster.closed(visitorSession('s1'), 1_000);
    const known = { ...visitorSession('s2'), principalId: 'v-known' };
    roster.opened(known, 1_500);
    expect(kinds(roster.tick(61_000))).toEqual(['visitor-changed']);
    roster.closed(known, 100_000);
    expect(roster.tick(160_000)).toMatchObject([
      { kind: 'visitor-left', contactId: 'v-known', conversationId: '0-chat', lastContactAt: 100_000 },
    ]);
  });

  it('ignores the same socket opened or closed twice', () => {
    expect(kinds(roster.opened(agentSession('s1'), 0))).toEqual(['agent-changed']);
    expect(roster.opened(agentSession('s1'), 0)).toEqual([]);
    expect(kinds(roster.closed(agentSession('s1'), 0))).toEqual(['agent-changed']);
    expect(roster.closed(agentSession('s1'), 0)).toEqual([]);
  });

  it('gives every change a greater revision, over restarts too', () => {
    roster.setStatus('anna', AGENT_STATUS_AVAILABLE, 1_000);
    const first = anna().revision;
    roster.opened(agentSession('s1'), 1_000);
    expect(anna().revision).toBeGreaterThan(first);
    const restarted = new Roster({ agentGraceMs: 1, agentResetMs: 1, visitorLeftMs: 1 });
    restarted.opened(agentSession('s1'), 5_000);
    expect(restarted.agents.get('anna')!.revision).toBeGreaterThan(anna().revision);
  });

  it('lets a visitor leave a minute after the last socket, dated at the last contact', () => {
    roster.opened(visitorSession('s1'), 0);
    roster.closed(visitorSession('s1'), 10_000);
    expect(roster.tick(69_999)).toEqual([]);
    const effects = roster.tick(70_000);
    expect(effects).toContainEqual({
      kind: 'visitor-left',
      contactId: 'v-1',
      conversationId: '0-chat',
      lastContactAt: 10_000,
    });
    expect(roster.tick(200_000)).toEqual([]);
  });

  it('keeps a visitor who comes back in time, or has another tab', () => {
    roster.opened(visitorSession('s1'), 0);
    roster.opened(visitorSession('s2', ''), 0);
    roster.closed(visitorSession('s1'), 1_000);
    expect(roster.tick(100_000)).toEqual([]);
    roster.closed(visitorSession('s2', ''), 100_000);
    roster.opened(visitorSession('s3', ''), 150_000);
    expect(roster.tick(300_000)).toEqual([]);
    expect(roster.visitors.get('v-1')!.conversationId).toBe('0-chat');
  });

  it('lets a restored visitor leave unless a socket turns up', () => {
    roster.restoreVisitor('v-1', '0-chat', 0);
    expect(kinds(roster.tick(60_000))).toContain('visitor-left');
    roster.restoreVisitor('v-1', '0-chat', 60_000);
    roster.opened(visitorSession('s1'), 61_000);
    expect(roster.tick(600_000)).toEqual([]);
  });
});
