import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { gateway, TENANT_PARTITIONS } from '@parley/contracts';
import { openEventLog } from '@parley/eventlog';
import { ApiError, ErrorCode } from '@parley/kernel';
import type { Bus } from '@parley/messaging';
import { createCaller } from '@parley/service';

const SERVICE = 'parley.conversation.v1.ConversationService';
const PAGE = { commits: 500, bytes: 4_000_000 };
const WITHIN_MS = 60_000;
/** Gateways whose clocks differ write into the log in another order than their times. */
const LOOK_BACK_MS = 3_600_000;

export interface Erasure {
  readonly tenant: string;
  readonly kind: 'conversation' | 'contact';
  readonly id: string;
  /** When it was asked for, ms. */
  readonly at: number;
}

/** What was erased since a time, as the audit logs of all tenants have it. */
export const listErasures = async (bus: Bus, since: number): Promise<Erasure[]> => {
  const log = await openEventLog({ bus, name: 'tenant', partitions: TENANT_PARTITIONS });
  const found: Erasure[] = [];
  for (let partition = 0; partition < log.partitions; partition++)
    for (let after = 0, more = 1; more > 0;) {
      const page = await log.page(partition, after, PAGE);
      for (const { commit, seq } of page.commits) {
        after = seq;
        const at = commit.time?.getTime() ?? 0;
        if (at < since) continue;
        for (const bytes of commit.events) {
          const { event } = gateway.TenantEvent.decode(bytes);
          if (event?.$case !== 'actPerformed') continue;
          const { method, targetId: id } = event.value;
          const { tenant } = commit;
          if (method === `${SERVICE}/EraseConversation`) found.push({ tenant, kind: 'conversation', id, at });
          if (method === `${SERVICE}/EraseContact`) found.push({ tenant, kind: 'contact', id, at });
        }
      }
      more = page.commits.length === 0 ? 0 : page.more;
    }
  return found.sort((a, b) => a.at - b.at);
};

/**
 * Adds to the file what was erased since a time or, when none is given, since its last entry: all that was ever erased, to a
 * new one. Returns how many entries it added.
 */
export const addErasures = async (bus: Bus, file: string, since?: number): Promise<number> => {
  const known = since === undefined && existsSync(file) ? await readErasures(file) : [];
  const last = known.reduce((latest, { at }) => Math.max(latest, at), 0);
  const lines = new Set(known.map((erasure) => JSON.stringify(erasure)));
  const found = await listErasures(bus, since ?? last - LOOK_BACK_MS);
  const added = found.map((erasure) => JSON.stringify(erasure)).filter((line) => !lines.has(line));
  await appendFile(file, added.map((line) => `${line}\n`).join(''));
  return added.length;
};

export const readErasures = async (file: string): Promise<Erasure[]> =>
  (await readFile(file, 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Erasure);

/** Erases again in a running platform; returns how many there were to erase. What came after the backup is not there. */
export const eraseAgain = async (bus: Bus, erasures: readonly Erasure[]): Promise<number> => {
  const caller = createCaller({ bus, addresses: {} });
  const conversations = caller.client(SERVICE);
  let erased = 0;
  try {
    for (const { tenant, kind, id, at } of erasures) {
      const context = {
        tenant,
        principal: { role: 'system', id: 'backup' } as const,
        deadline: Date.now() + WITHIN_MS,
      };
      // The same for the same erasure, however often the list is applied.
      const commandId = `again-${at.toString(36)}-${id}`.slice(0, 64);
      const reason = 'erased after the backup was taken';
      try {
        if (kind === 'contact')
          await conversations.eraseContact({ contactId: id, commandId, reason }, context);
        else await conversations.eraseConversation({ conversationId: id, commandId, reason }, context);
        erased++;
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== ErrorCode.notFound) throw error;
      }
    }
  } finally {
    caller.close();
  }
  return erased;
};
