import type { Handlers, routing } from '@parley/contracts';
import type { RequestContext } from '@parley/kernel';
import type { Command, RoutingState } from '../domain.js';
import type { Figures } from '../figures.js';
import type { Acceptance } from '../joins.js';

/** The writer of a domain, as far as handlers need it. */
export interface Writer {
  execute<T>(
    command: Command,
    commandId: string,
    deadline: number,
    view: (state: RoutingState) => T,
  ): Promise<T>;
  read<T>(deadline: number, view: (state: RoutingState) => T): Promise<T>;
}

export interface ApiDeps {
  /** Rejects with `unavailable` where the tenant's partition is not owned. */
  readonly writer: (tenant: string) => Promise<Writer>;
  readonly join: (acceptance: Acceptance, context: RequestContext) => Promise<void>;
  /** Every step of routing about a conversation, oldest first. */
  readonly explain: (tenant: string, conversationId: string) => Promise<routing.RoutingStep[]>;
  /** What the engine does not know of queues and agents. */
  readonly figures: Figures;
  readonly replies: { reported(tenant: string, reports: readonly routing.ReplyReport[]): void };
  readonly now: () => number;
}

export type RoutingHandlers = Handlers<'parley.routing.v1.RoutingService'>;

/** Carries a command out for the caller's tenant, and answers with a view of the state after it. */
export const executeFor =
  ({ writer }: Pick<ApiDeps, 'writer'>) =>
  async <T>(
    { tenant, deadline }: RequestContext,
    commandId: string,
    command: Command,
    view: (state: RoutingState) => T,
  ): Promise<T> =>
    (await writer(tenant)).execute(command, commandId, deadline, view);

/** A view of the caller's tenant once everything in it is in the log. */
export const readFor =
  ({ writer }: Pick<ApiDeps, 'writer'>) =>
  async <T>({ tenant, deadline }: RequestContext, view: (state: RoutingState) => T): Promise<T> =>
    (await writer(tenant)).read(deadline, view);
