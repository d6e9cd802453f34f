import type { common } from '@parley/contracts';
import type { Role } from '@parley/kernel';

/** Who acts: from the verified token, never from the request's body. */
export interface By {
  readonly role: Role;
  readonly actor: common.Actor;
  /** Visitors: contacts that were merged into theirs, whose conversations are theirs too. */
  readonly formerIds?: ReadonlySet<string>;
}

/** What everybody's command has. */
export interface Given {
  readonly by: By;
  /** Milliseconds since 1970; never before the conversation's last commit. */
  readonly now: number;
}

/** Where an answer can be sent: content that the state does not hold, so the caller says it. */
export interface Address {
  readonly name: string;
  readonly email: string;
  /** True when the conversation's own log has it already. */
  readonly recorded: boolean;
}

/** Commands that may end a conversation in which the visitor was asked for a message. */
export interface Reachable {
  /** Undefined when there is no address to answer to. */
  readonly address?: Address | undefined;
}
