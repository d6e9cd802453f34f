import { sessionEndedSubject } from '@parley/contracts';
import type { Bus } from '@parley/messaging';

/** Closes what this gateway has open of a session. */
export type CloseSession = (tenant: string, sessionId: string) => void;
/** Closes what any gateway has open of these sessions of a tenant. */
export type SessionsEnded = (tenant: string, sessionIds: readonly string[]) => void;

/**
 * Sessions that end here end in every gateway at once: a person who was logged out or disabled is not to read on through
 * another one. A gateway that does not hear of it finds out by its own check (every 30 s).
 */
export const tellEndedSessions = (
  bus: Pick<Bus, 'publish' | 'subscribe'>,
  close: CloseSession,
): SessionsEnded => {
  bus.subscribe(sessionEndedSubject, ({ data }) => {
    for (const [tenant, sessionId] of read(data)) close(tenant, sessionId);
  });
  return (tenant, sessionIds) => {
    for (const sessionId of sessionIds) close(tenant, sessionId);
    if (sessionIds.length > 0)
      bus.publish(sessionEndedSubject, Buffer.from(sessionIds.map((id) => `${tenant} ${id}`).join('\n')));
  };
};

const read = (data: Uint8Array): [string, string][] =>
  Buffer.from(data)
    .toString()
    .split('\n')
    .map((line) => {
      const [tenant = '', sessionId = ''] = line.split(' ');
      return [tenant, sessionId];
    });
