import type { HandlerTable } from '@parley/contracts';
import { careHandlers, type CareParts } from './api/care.js';
import { commandHandlers, type CommandParts } from './api/commands.js';
import { contactHandlers, type ContactParts } from './api/contacts.js';
import { internalHandlers, type InternalParts } from './api/internal.js';
import { laterHandlers, type LaterParts } from './api/later.js';
import { readHandlers, type ReadParts } from './api/reads.js';

export type ApiParts = CommandParts & CareParts & LaterParts & ReadParts & ContactParts & InternalParts;

/** Everything this service answers. */
export const conversationApi = (parts: ApiParts): HandlerTable => ({
  'parley.conversation.v1.ConversationService': {
    ...commandHandlers(parts),
    ...careHandlers(parts),
    ...laterHandlers(parts),
    ...readHandlers(parts),
    ...contactHandlers(parts),
  },
  'parley.conversation.v1.ConversationInternalService': internalHandlers(parts),
});
