import type { Connection, gateway } from '@parley/client';

/** An act on the audit log. */
interface Act {
  readonly actorId: string;
  readonly at: number;
}

/** Entries of the audit log, newest first; those before a version, when it is given. */
export const readAuditLog = (
  connection: Connection,
  limit: number,
  beforeVersion = 0,
): Promise<gateway.ListAuditLogResponse> =>
  connection.call('parley.gateway.v1.TenantService/ListAuditLog', {
    limit,
    newestFirst: true,
    beforeVersion,
  });

/** Who last called a method (by its name) on a thing, and when; undefined when it is not among the latest 200 entries. */
export const lastAct = async (
  connection: Connection,
  method: string,
  targetId: string,
): Promise<Act | undefined> => {
  const { entries = [] } = await readAuditLog(connection, 200);
  const entry = entries.find(
    ({ event }) =>
      event?.actPerformed?.method?.endsWith(`/${method}`) && (event.actPerformed.targetId ?? '') === targetId,
  );
  return entry?.time && entry.actor?.id ? { actorId: entry.actor.id, at: Date.parse(entry.time) } : undefined;
};
