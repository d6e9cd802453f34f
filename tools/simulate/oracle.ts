import { conversation, routing } from '@parley/contracts';
import type { Model, ModelAgent, ModelChat } from './model.js';
import { matches } from './workflows.js';

const Status = routing.AgentStatus;
const Kind = routing.OfferMade_Kind;
const Cause = routing.TargetEntered_Cause;
/** Whoever is not acknowledged for longer must have an event that says what was done (rules of PutQueue). */
export const LONGEST_UNSEEN_MS = 60_000;
const LIVE = new Set([Cause.CAUSE_ENTERED, Cause.CAUSE_TIMED_OUT, Cause.CAUSE_QUEUE_CLOSED]);

const primary = (tag: string): string => tag.split(/[-_]/)[0]!.toLowerCase();

/** What is wrong with decisions, judged from the contracts' words alone. Empty: nothing. */
export class Oracle {
  constructor(private readonly model: Model) {}

  /** Before the event is folded into the model. */
  check(event: NonNullable<routing.RoutingEvent['event']>, now: number): string[] {
    if (event.$case === 'offerMade') return this.#offer(event.value, now);
    if (event.$case === 'offerAccepted') return this.#accepted(event.value);
    if (event.$case === 'conversationEnqueued') return this.#entered(event.value);
    if (event.$case === 'overflowReached') return this.#overflows(event.value);
    return event.$case === 'targetEntered' ? this.#target(event.value) : [];
  }

  /** After a decision: what must hold whatever it was. */
  settled(): string[] {
    const found: string[] = [];
    for (const chat of this.model.chats.values()) {
      if (chat.assigned.size > 1 && !chat.shared) found.push(`${chat.id} has ${chat.assigned.size} owners`);
      const rivals = [...chat.offers.values()].filter(({ kind }) => kind !== Kind.KIND_TRANSFER);
      if (chat.assigned.size > 0 && rivals.length > 0) found.push(`${chat.id} has an owner and is offered`);
      const agents = [...chat.offers.values()].map(({ agentId }) => agentId);
      if (new Set(agents).size !== agents.length) found.push(`${chat.id} is offered twice to one agent`);
    }
    for (const agent of this.model.agents.values()) {
      const pending = this.#offersOf(agent.id).length;
      if (pending === 0) continue;
      if (this.#used(agent.id) > this.#capacity(agent))
        found.push(`${agent.id} is over capacity with an offer`);
      if (!isThere(agent)) found.push(`${agent.id} is not there and has an offer`);
    }
    for (const team of this.model.teams.values()) {
      const members = [...this.model.agents.values()].filter(({ config }) => config?.teamId === team.teamId);
      const used = members.reduce((sum, { id }) => sum + this.#used(id), 0);
      const offered = members.some(({ id }) => this.#offersOf(id).length > 0);
      if (team.maxUsed > 0 && used > team.maxUsed && offered)
        found.push(`team ${team.teamId} is over its limit`);
    }
    return found;
  }

  /** When nothing is due any more: nobody has waited unseen for too long. */
  seenTo(now: number): string[] {
    const found: string[] = [];
    for (const chat of this.model.chats.values()) {
      const queued = chat.assigned.size === 0 && (chat.offers.size > 0 || this.isWaiting(chat.id));
      if (queued && now - chat.seenToAt > LONGEST_UNSEEN_MS)
        found.push(`${chat.id} has waited ${(now - chat.seenToAt) / 1000} s without an event`);
    }
    return found;
  }

  /** Told by the world, since events do not say when an agentless chat is parked and when it waits. */
  isWaiting: (conversationId: string) => boolean = () => false;

  #offer(made: routing.OfferMade, now: number): string[] {
    const found: string[] = [];
    const chat = this.model.chats.get(made.conversationId);
    const agent = this.model.agents.get(made.agentId);
    const say = (what: string): void =>
      void found.push(`offer of ${made.conversationId} to ${made.agentId}: ${what}`);
    if (!chat || !agent)
      return [`an offer of ${made.conversationId} to ${made.agentId}, of whom nothing is known`];
    if (!isThere(agent)) say('the agent is not available');
    this.#room(agent, chat).forEach(say);
    if (made.kind === Kind.KIND_TRANSFER) {
      if (chat.transfer?.transferId !== made.transferId) say('there is no such transfer');
      if (chat.assigned.size === 0) say('a transfer of a chat that nobody has');
      const { toQueueId: queueId = '' } = chat.transfer ?? {};
      if (queueId) this.#fit(agent, { ...chat, queueId, requirements: withoutSkills(chat) }).forEach(say);
      return found;
    }
    if (chat.assigned.size > 0) say('somebody has the chat');
    if (made.kind === Kind.KIND_ASSIGNED) return found;
    if (chat.preferredAgentId && chat.preferredAgentId !== agent.id) say('another agent is preferred');
    const barred = chat.barred.get(agent.id);
    if (barred !== undefined && (barred === 0 || barred > now))
      say('the agent declined, gave away or missed it');
    if (agent.overdue.size > 0) say('a visitor waits for the agent');
    const most = Math.max(1, this.model.queues.get(chat.queueId)?.config.offerTo ?? 1);
    if (chat.offers.size >= most) say(`is one of more than ${most} at once`);
    if (!(chat.parked && chat.preferredAgentId)) this.#fit(agent, chat).forEach(say);
    for (const other of this.model.chats.values())
      if (other !== chat && this.#goesBefore(other, chat) && this.#couldGo(other, agent))
        say(`${other.id} goes before it`);
    return found;
  }

  /** Room for it, by the agent's limits and their team's. */
  #room(agent: ModelAgent, chat: ModelChat): string[] {
    const found: string[] = [];
    const { weight } = chat;
    if (this.#used(agent.id) + weight > this.#capacity(agent)) found.push('beyond the agent’s capacity');
    const most = agent.config?.maxChats ?? 0;
    const chats = [...this.model.chats.values()].filter((each) => each.assigned.has(agent.id)).length;
    if (most > 0 && chats + this.#offersOf(agent.id).length + 1 > most)
      found.push('beyond the agent’s number of chats');
    const team = this.model.teams.get(agent.config?.teamId ?? '');
    if (team && team.maxUsed > 0) {
      const members = [...this.model.agents.values()].filter(({ config }) => config?.teamId === team.teamId);
      const used = members.reduce((sum, { id }) => sum + this.#used(id), 0);
      if (used + weight > team.maxUsed) found.push('beyond the team’s limit');
    }
    return found;
  }

  /** Queue, skills and language. */
  #fit({ config }: ModelAgent, { queueId, requirements }: ModelChat): string[] {
    const found: string[] = [];
    if (!config?.queueIds.includes(queueId)) found.push(`does not serve ${queueId}`);
    for (const [skill, level] of Object.entries(requirements.skills))
      if ((config?.skills[skill] ?? 0) < level) found.push(`lacks ${skill} at level ${level}`);
    const { language } = requirements;
    if (language && !config?.languages.some((known) => primary(known) === primary(language)))
      found.push(`does not speak ${language}`);
    return found;
  }

  #goesBefore(a: ModelChat, b: ModelChat): boolean {
    const { ageingSeconds } = this.model.settings;
    if (ageingSeconds === 0)
      return a.priority > b.priority || (a.priority === b.priority && a.firstEnteredAt < b.firstEnteredAt);
    const turn = (chat: ModelChat): number => chat.firstEnteredAt - chat.priority * ageingSeconds * 1000;
    return turn(a) < turn(b);
  }

  /** It waits, and nothing but the order keeps it from the agent. */
  #couldGo(chat: ModelChat, agent: ModelAgent): boolean {
    if (chat.offers.size > 0 || chat.assigned.size > 0 || !this.isWaiting(chat.id)) return false;
    if (chat.preferredAgentId || chat.barred.has(agent.id) || agent.overdue.size > 0) return false;
    if (!this.model.queues.get(chat.queueId)?.open) return false;
    return this.#room(agent, chat).length === 0 && this.#fit(agent, chat).length === 0;
  }

  #accepted(accepted: routing.OfferAccepted): string[] {
    const chat = this.model.chats.get(accepted.conversationId);
    const offer = chat?.offers.get(accepted.offerId);
    if (!offer) return [`${accepted.offerId} was accepted and is not pending`];
    return offer.agentId === accepted.agentId
      ? []
      : [`${accepted.offerId} was accepted by ${accepted.agentId}`];
  }

  #entered(entry: routing.ConversationEnqueued): string[] {
    const known = this.model.chats.get(entry.conversationId);
    if (known && entry.reason === conversation.QueueEntered_Reason.REASON_TRANSFERRED)
      return transferred(entry, known);
    const workflow = this.model.workflows.get(entry.workflowVersion);
    const filter = workflow?.filters[entry.filter - 1];
    if (entry.filter === 0) return [];
    if (!workflow || !filter) return [`${entry.conversationId} entered by a filter that there is not`];
    return matches(filter.when, entry) ? [] : [`${entry.conversationId} does not match ${filter.when}`];
  }

  #overflows({ conversationId, to }: routing.OverflowReached): string[] {
    const chat = this.model.chats.get(conversationId);
    const returns = chat?.byBot === true && chat.target < 0 && to === routing.Overflow.OVERFLOW_BOT;
    return returns ? [`${conversationId} goes back to the bot that gave it up`] : [];
  }

  #target(entered: routing.TargetEntered): string[] {
    const chat = this.model.chats.get(entered.conversationId);
    const filter = this.model.workflows.get(chat?.workflowVersion ?? 0)?.filters[(chat?.filter ?? 0) - 1];
    if (!chat || !filter || !LIVE.has(entered.cause)) return [];
    const found: string[] = [];
    const say = (what: string): void => void found.push(`${chat.id} at target ${entered.target}: ${what}`);
    if (entered.cause !== Cause.CAUSE_ENTERED && entered.target <= chat.target) say('went back');
    const target = filter.targets[entered.target];
    if (target?.to?.$case !== 'queueId' || target.to.value !== entered.queueId) say('is in another queue');
    const until = target?.untilSeconds ? chat.enteredAt + target.untilSeconds * 1000 : undefined;
    if (until !== entered.until?.getTime()) say('ends at another time');
    const wanted = JSON.stringify(relaxed(filter, entered.target, chat.language));
    const got = JSON.stringify(sorted(entered.requirements ?? { skills: {}, language: '' }));
    if (wanted !== got) say(`asks for ${got} and not ${wanted}`);
    const priority = priorityOf(filter, entered.target, chat);
    if (entered.priority !== priority) say(`has priority ${entered.priority} and not ${priority}`);
    return found;
  }

  #capacity({ config, shifts }: ModelAgent): number {
    const team = this.model.teams.get(config?.teamId ?? '');
    const capacity = config?.capacity ?? 0;
    return team && team.rampShifts > 0 && shifts <= team.rampShifts
      ? Math.min(capacity, team.rampCapacity || 1)
      : capacity;
  }

  #offersOf(agentId: string): ModelChat[] {
    return [...this.model.chats.values()].filter((chat) =>
      [...chat.offers.values()].some((offer) => offer.agentId === agentId),
    );
  }

  #used(agentId: string): number {
    let used = 0;
    for (const chat of this.model.chats.values()) {
      used += chat.assigned.get(agentId) ?? 0;
      for (const offer of chat.offers.values()) if (offer.agentId === agentId) used += chat.weight;
    }
    for (const weight of this.model.agents.get(agentId)?.wrapUps.values() ?? []) used += weight;
    return used;
  }
}

const isThere = (agent: ModelAgent): boolean =>
  agent.config !== undefined &&
  agent.online &&
  !agent.notResponding &&
  agent.reported === Status.AGENT_STATUS_AVAILABLE;

const sorted = ({ skills, language }: routing.Requirements): routing.Requirements => ({
  skills: Object.fromEntries(Object.entries(skills).sort(([a], [b]) => (a < b ? -1 : 1))),
  language,
});

/** Requirements of a filter at a target: what its targets so far have dropped or lowered. */
const relaxed = (filter: routing.Filter, target: number, visitors: string): routing.Requirements => {
  const { skills = {}, language = '' } = filter.requirements ?? {};
  const left = { ...skills };
  let spoken = language === 'visitor' ? primary(visitors) : primary(language);
  for (const { relaxations } of filter.targets.slice(0, target + 1))
    for (const { skill, level } of relaxations)
      if (skill === 'language') spoken = level === 0 ? '' : spoken;
      else if (level === 0) delete left[skill];
      else if (skill in left) left[skill] = level;
  return sorted({ skills: left, language: spoken });
};

const withoutSkills = ({ requirements: { language } }: ModelChat): routing.Requirements => ({
  skills: {},
  language,
});

/** It stays as urgent as it was, and its visitor speaks what they spoke. */
const transferred = (entry: routing.ConversationEnqueued, known: ModelChat): string[] => {
  const found: string[] = [];
  if (entry.priority !== known.priority)
    found.push(`${known.id} was transferred and has priority ${entry.priority} and not ${known.priority}`);
  const wanted = JSON.stringify(withoutSkills(known));
  const got = JSON.stringify(sorted(entry.requirements ?? { skills: {}, language: '' }));
  if (wanted !== got) found.push(`${known.id} was transferred and asks for ${got} and not ${wanted}`);
  return found;
};

/** What the filter and its targets so far say; once the failsafe has put it in front, it stays there. */
const priorityOf = (filter: routing.Filter, target: number, { escalated, priority }: ModelChat): number => {
  let said = filter.priority;
  for (const each of filter.targets.slice(0, target + 1)) said = each.priority ?? said;
  return escalated ? Math.max(said, priority) : said;
};
