import { conversation, routing } from '@parley/contracts';
import { seededRandom } from '@parley/testkit';
import { decide, emptyState, type Command, type RoutingState } from '../../../services/routing/src/domain.js';
import { enginePorts } from '../../../services/routing/src/workflows/engine-ports.js';

export const SKILLS = 40;
const QUEUES = 20;
const TEAMS = 50;
const LANGUAGES = ['en', 'de', 'fr', 'es', 'pl'];
const CAPACITY = 4;

/** A domain under load: its commands are carried out one after the other, at a time that goes on. */
export class Load {
  readonly state: RoutingState = emptyState();
  /** ms */
  now = Date.UTC(2026, 0, 5, 9);
  /** Events of all decisions. */
  events = 0;
  readonly #random: () => number;
  readonly #active: string[] = [];
  readonly #offered: { offerId: string; agentId: string }[] = [];
  #chats = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** Decides a command; what it offers and assigns is noted for later. Throws on a refusal. */
  carryOut(command: Command): void {
    const result = decide(this.state, command, this.now, enginePorts);
    if (!result.ok) throw result.error;
    this.events += result.value.length;
    for (const { event } of result.value) {
      if (event?.$case === 'offerMade') this.#offered.push(event.value);
      else if (event?.$case === 'offerAccepted') this.#active.push(event.value.conversationId);
    }
  }

  /** Makes queues, teams, skills, a workflow with a filter a skill, and agents who are all available. */
  populate(agents: number): void {
    const zero = { expectedVersion: 0 };
    for (let i = 0; i < QUEUES; i++)
      this.carryOut({
        kind: 'putQueue',
        queue: routing.Queue.fromPartial({ queueId: `q${i}`, name: `Queue ${i}` }),
        ...zero,
      });
    for (let i = 0; i < TEAMS; i++)
      this.carryOut({
        kind: 'putTeam',
        team: routing.Team.fromPartial({ teamId: `t${i}`, name: `Team ${i}` }),
        ...zero,
      });
    for (let i = 0; i < SKILLS; i++)
      this.carryOut({
        kind: 'putSkill',
        skill: { skillId: `s${i}`, name: `Skill ${i}`, version: 0 },
        ...zero,
      });
    this.#publish();
    for (let i = 0; i < agents; i++) {
      const agentId = `agent-${i}`;
      this.carryOut({ kind: 'putAgent', agent: this.#agent(agentId, i), ...zero });
      const report = {
        agentId,
        status: routing.AgentStatus.AGENT_STATUS_AVAILABLE,
        online: true,
        revision: 1n,
      };
      this.carryOut({ kind: 'setPresence', report });
    }
  }

  #agent(agentId: string, i: number): routing.Agent {
    const queues = [0, 1, 2].map(() => this.#below(QUEUES));
    const queueIds = queues.map((n) => `q${n}`);
    const skills: Record<string, number> = {};
    // What their queues ask for, and something else besides.
    for (const n of queues)
      for (const skill of [n, n + QUEUES]) if (this.#random() < 0.8) skills[`s${skill}`] = 1 + this.#below(5);
    for (let n = 0; n < 2; n++) skills[`s${this.#below(SKILLS)}`] ??= 1 + this.#below(5);
    const languages = LANGUAGES.filter((_, n) => n === i % LANGUAGES.length || this.#random() < 0.3);
    const teamId = `t${i % TEAMS}`;
    return routing.Agent.fromPartial({
      agentId,
      name: agentId,
      capacity: CAPACITY,
      queueIds,
      skills,
      languages,
      teamId,
    });
  }

  #publish(): void {
    const filters = Array.from({ length: SKILLS }, (_, i) => {
      const skillId = `s${i}`;
      const queue = (n: number): routing.Target['to'] => ({
        $case: 'queueId',
        value: `q${(i + n) % QUEUES}`,
      });
      return routing.Filter.fromPartial({
        name: `about ${skillId}`,
        when: `topic == "${skillId}"`,
        requirements: { skills: { [skillId]: 2 + (i % 3) }, language: i % 2 === 0 ? 'visitor' : '' },
        priority: i % 4,
        lastAgentSeconds: 20,
        targets: [
          { to: queue(0), untilSeconds: 120 },
          { to: queue(1), untilSeconds: 600, relaxations: [{ skill: skillId, level: 1 }] },
          {
            to: queue(2),
            relaxations: [
              { skill: skillId, level: 0 },
              ...(i % 2 === 0 ? [{ skill: 'language', level: 0 }] : []),
            ],
          },
        ],
      });
    });
    const workflow = routing.Workflow.fromPartial({ filters });
    this.carryOut({ kind: 'saveWorkflowDraft', workflow, expectedVersion: 0 });
    this.carryOut({ kind: 'publishWorkflow', draftRevision: 1, comment: '', publishedBy: 'bench' });
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  /** A conversation enters; a plain one fits no filter, and goes to the queue that it asks for. */
  arrival(plain = false): Command {
    const id = `${this.#chats % 4}-${(this.#chats++).toString(36).padStart(12, '0')}`;
    const entry = routing.ConversationEnqueued.fromPartial({
      conversationId: id,
      sourceVersion: 2,
      enteredAt: new Date(this.now),
      contactId: `contact-${id}`,
      lastAgentId: this.#random() < 0.2 ? `agent-${this.#below(this.state.slots.length)}` : '',
      language: LANGUAGES[this.#below(LANGUAGES.length)] ?? 'en',
      topic: plain ? '' : `s${this.#below(SKILLS)}`,
      queueId: plain ? `q${this.#below(QUEUES)}` : '',
      pageUrl: `https://shop.example/products/${this.#below(10_000)}`,
      channel: 'WEB_CHAT',
      reason: conversation.QueueEntered_Reason.REASON_STARTED,
    });
    return { kind: 'enqueue', entry, attributes: { prechat: {}, contact: {}, contactVerified: false } };
  }

  /** An offer that rings is answered: declined one time in twenty. Undefined when none rings. */
  answer(): Command | undefined {
    for (;;) {
      const offer = take(this.#offered, this.#random());
      if (!offer) return undefined;
      const { offerId, agentId } = offer;
      if (!this.state.agents.get(agentId)?.offers.size) continue;
      if (!this.state.chats.get(offerId.replace(/-o\d+$/, ''))?.offers.some(({ id }) => id === offerId))
        continue;
      if (this.#random() < 0.05) return { kind: 'declineOffer', offerId, agentId, reason: 'busy' };
      return { kind: 'acceptOffer', offerId, agentId };
    }
  }

  /** A chat that an agent has is closed. Undefined when there is none. */
  completion(): Command | undefined {
    const conversationId = take(this.#active, this.#random());
    if (conversationId === undefined) return undefined;
    const reason = routing.AssignmentEnded_Reason.REASON_CLOSED;
    return { kind: 'endConversation', conversationId, reason, agentId: '', sourceVersion: 9 };
  }

  /** Somebody goes for a moment, or comes back. */
  presence(): Command {
    const agentId = `agent-${this.#below(this.state.slots.length)}`;
    const agent = this.state.agents.get(agentId);
    const { AGENT_STATUS_AVAILABLE, AGENT_STATUS_AWAY } = routing.AgentStatus;
    const away = agent?.reported === AGENT_STATUS_AVAILABLE && !agent.notResponding;
    return {
      kind: 'setPresence',
      report: {
        agentId,
        status: away ? AGENT_STATUS_AWAY : AGENT_STATUS_AVAILABLE,
        online: true,
        revision: (agent?.revision ?? 0n) + 1n,
      },
    };
  }

  /** Chats in line, ringing ones counted. */
  waiting(): number {
    let sum = 0;
    for (const { line } of this.state.queues.values()) sum += line.size;
    return sum;
  }

  /** Any waiting chat's id, for questions about places in line. */
  someChat(): string {
    return `${this.#chats % 4}-${this.#below(this.#chats).toString(36).padStart(12, '0')}`;
  }
}

/** Takes one out, at a place from 0 to 1; the last one fills its place. */
const take = <T>(from: T[], at: number): T | undefined => {
  const index = Math.floor(at * from.length);
  const taken = from[index];
  const last = from.pop();
  if (index < from.length && last !== undefined) from[index] = last;
  return taken;
};
