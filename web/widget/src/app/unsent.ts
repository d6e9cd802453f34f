import { browserStorage, moveOutbox } from '@parley/client';
import type { Visit } from './keep.js';

export const unsentStorage = browserStorage();

/** Where a contact's unsent messages are: within what `keep` clears, as they are nobody else's business either. */
export const unsentPrefix = (tenant: string, contactId: string): string => `parley.${tenant}.${contactId}.`;

/** Gives a contact's unsent messages to whom they turned out to be. */
export const takeUnsentAlong = (tenant: string, before: string | undefined, visit: Visit): void => {
  if (!before || before === visit.contactId) return;
  const [from, to] = [unsentPrefix(tenant, before), unsentPrefix(tenant, visit.contactId)];
  moveOutbox(unsentStorage, from, to, visit.conversationId);
};
