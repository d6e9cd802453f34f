import { routingEvents } from '@parley/client';

const { AgentStatus } = routingEvents;

/** What the desk knows about its own person. */
export interface Attention {
  readonly status: routingEvents.AgentStatus | undefined;
  /** Away was set by the desk, not by the person. */
  readonly automatic: boolean;
  /** How long nobody has touched the desk, ms. */
  readonly idleMs: number;
  /** After how long it goes away, ms; 0: never. */
  readonly limitMs: number;
}

/** The status that the desk sets by itself now; undefined while it leaves it alone. */
export const automaticStatus = ({
  status,
  automatic,
  idleMs,
  limitMs,
}: Attention): routingEvents.AgentStatus | undefined => {
  const idle = limitMs > 0 && idleMs >= limitMs;
  if (status === AgentStatus.AGENT_STATUS_AVAILABLE && idle) return AgentStatus.AGENT_STATUS_AWAY;
  if (status === AgentStatus.AGENT_STATUS_AWAY && automatic && !idle)
    return AgentStatus.AGENT_STATUS_AVAILABLE;
  return undefined;
};
