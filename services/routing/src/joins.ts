import type { Client } from '@parley/contracts';
import { routing } from '@parley/contracts';
import { ApiError, ErrorCode, failedPrecondition, type Clock, type RequestContext } from '@parley/kernel';
import type { Logger } from '@parley/telemetry';
import { ownContext } from './context.js';
import type { Assignment, Chat, RoutingState } from './domain.js';
import type { Domains } from './domains.js';

/** An acceptance as it has to be carried out in the conversation. */
export interface Acceptance {
  readonly tenant: string;
  readonly offerId: string;
  readonly conversationId: string;
  readonly agentId: string;
  readonly agentName: string;
  readonly queueId: string;
  /** Empty: not by a transfer. */
  readonly transferId: string;
  /** Version of the entry into a queue that was offered; the conversation may have entered anew since. */
  readonly queueVersion: number;
}

export interface JoinsOptions {
  readonly conversations: Pick<
    Client<'parley.conversation.v1.ConversationInternalService'>,
    'joinConversation'
  >;
  readonly domains: Pick<Domains, 'of'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onOutcome: (outcome: 'done' | 'refused' | 'again') => void;
}

const REFUSALS: readonly number[] = [
  ErrorCode.failedPrecondition,
  ErrorCode.notFound,
  ErrorCode.permissionDenied,
  ErrorCode.invalidArgument,
];
/** Acceptances younger than this may not have reached the conversation when their owner died. */
const DOUBTFUL_MS = 10 * 60_000;
const PARALLEL = 16;

/** The second half of accepting: the agent joins the conversation, repeated until the outcome is known. */
export class Joins {
  readonly #open = new Map<string, Acceptance>();

  constructor(private readonly options: JoinsOptions) {}

  /**
   * Joins the agent. Rejects with CONVERSATION_ENDED, the agent's capacity freed, when the conversation refuses; with
   * the call's own error when its outcome is unknown: it is repeated in the background then.
   */
  async join(acceptance: Acceptance, context: RequestContext): Promise<void> {
    this.#open.set(keyOf(acceptance), acceptance);
    const { conversationId, agentId, agentName, queueId, offerId, transferId, queueVersion } = acceptance;
    const commandId = `${offerId}-join`;
    try {
      await this.options.conversations.joinConversation(
        { conversationId, commandId, agentId, agentName, queueId, offerId, transferId, queueVersion },
        { ...ownContext(acceptance.tenant, this.options.clock), deadline: context.deadline },
      );
    } catch (error) {
      const refused = error instanceof ApiError && REFUSALS.includes(error.code);
      this.options.onOutcome(refused ? 'refused' : 'again');
      if (!refused) throw error;
      this.options.logger.info(
        { err: error, tenant: acceptance.tenant, conversationId, offerId },
        'a join was refused',
      );
      await this.#giveBack(acceptance, context);
      this.#open.delete(keyOf(acceptance));
      throw failedPrecondition(
        'CONVERSATION_ENDED',
        'The visitor has left or the chat was closed meanwhile; there is nothing more to do.',
      );
    }
    this.#open.delete(keyOf(acceptance));
    this.options.onOutcome('done');
  }

  /** Joins the agents for whom offers were accepted in a commit. Right after its acknowledgement; does not wait. */
  committed(tenant: string, events: readonly routing.RoutingEvent[], state: RoutingState): void {
    const auto = new Set<string>();
    for (const { event } of events) {
      if (event?.$case === 'offerMade' && event.value.autoAccept) auto.add(event.value.offerId);
      if (event?.$case !== 'offerAccepted' || !auto.has(event.value.offerId)) continue;
      const chat = state.chats.get(event.value.conversationId);
      const assignment = chat?.assignments.find(({ offerId }) => auto.has(offerId));
      if (chat && assignment) void this.#autoJoin(acceptanceOf(tenant, state, chat, assignment));
    }
  }

  /** Notes the acceptances of a domain just taken over that may not have been carried out. */
  takeOver(tenant: string, state: RoutingState): void {
    for (const chat of state.chats.values())
      for (const assignment of chat.assignments)
        if (assignment.offerId && assignment.acceptedAt > this.options.clock.now() - DOUBTFUL_MS) {
          const acceptance = acceptanceOf(tenant, state, chat, assignment);
          this.#open.set(keyOf(acceptance), acceptance);
        }
  }

  /** Tries those whose outcome is unknown again; ends when each has been tried once. */
  async repeat(): Promise<void> {
    const open = [...this.#open];
    const next = async (): Promise<void> => {
      for (let item = open.shift(); item; item = open.shift()) await this.#again(...item);
    };
    await Promise.all(Array.from({ length: PARALLEL }, next));
  }

  async #autoJoin(acceptance: Acceptance): Promise<void> {
    try {
      await this.join(acceptance, ownContext(acceptance.tenant, this.options.clock));
    } catch (error) {
      // Refused: the slot is free again. Otherwise it is open, and repeated.
      const { tenant, conversationId, offerId } = acceptance;
      this.options.logger.info(
        { err: error, tenant, conversationId, offerId },
        'an accepted offer was not joined at once',
      );
    }
  }

  async #again(key: string, acceptance: Acceptance): Promise<void> {
    const context = ownContext(acceptance.tenant, this.options.clock);
    try {
      const writer = await this.options.domains.of(acceptance.tenant);
      const current = await writer.read(context.deadline, (state) => {
        const chat = state.chats.get(acceptance.conversationId);
        return chat?.assignments.some(({ offerId }) => offerId === acceptance.offerId) ?? false;
      });
      if (current) await this.join(acceptance, context);
      else this.#open.delete(key);
    } catch (error) {
      if (error instanceof ApiError && error.details.reason === 'NOT_THE_OWNER') this.#open.delete(key);
      // Otherwise it stays open, and its refusal has been logged.
    }
  }

  async #giveBack(
    { tenant, conversationId, agentId, offerId }: Acceptance,
    context: RequestContext,
  ): Promise<void> {
    const writer = await this.options.domains.of(tenant);
    const reason = routing.AssignmentEnded_Reason.REASON_JOIN_REFUSED;
    const command = {
      kind: 'endConversation',
      conversationId,
      reason,
      agentId,
      offerId,
      sourceVersion: 0,
    } as const;
    const deadline = Math.max(context.deadline, this.options.clock.now() + 2_000);
    await writer.execute(command, `${offerId}-refused`, deadline, () => undefined);
  }
}

const keyOf = ({ tenant, offerId }: Acceptance): string => `${tenant}/${offerId}`;

/** What stands behind an accepted chat. */
export const acceptanceOf = (
  tenant: string,
  state: RoutingState,
  chat: Chat,
  { offerId, agentId, transferId }: Assignment,
): Acceptance => ({
  tenant,
  offerId,
  conversationId: chat.id,
  agentId,
  agentName: state.agents.get(agentId)?.config?.name ?? '',
  queueId: chat.queueId,
  transferId,
  queueVersion: chat.entryVersion,
});
