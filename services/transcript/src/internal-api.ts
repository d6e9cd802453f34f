import type { Handlers } from '@parley/contracts';
import { permissionDenied } from '@parley/kernel';
import type { Transcripts } from './store.js';

/** Answer of ReadCommits, leaving room below what one gRPC message may hold; callers ask again after the last one. */
const READ_BYTES = 12 << 20;
/** Conversations in one answer of ListPurged. */
const PURGED_LIMIT = 500;

/** Handlers for other services. */
export const transcriptInternalHandlers = (
  transcripts: Pick<Transcripts, 'commits' | 'purged'>,
): Handlers<'parley.transcript.v1.TranscriptInternalService'> => ({
  readCommits: async ({ tenant, aggregateId, afterVersion, maxBytes }, { principal }) => {
    if (principal.role !== 'system')
      throw permissionDenied(
        'SERVICES_ONLY',
        'Only services of the platform read commits: use GetTranscript.',
      );
    const commits = await transcripts.commits(tenant, aggregateId, {
      version: afterVersion,
      maxBytes: Math.min(maxBytes || READ_BYTES, READ_BYTES),
    });
    return { commits: [...commits] };
  },
  listPurged: async ({ partition, cursor }, { principal }) => {
    if (principal.role !== 'system')
      throw permissionDenied('SERVICES_ONLY', 'Only services of the platform list what has left the log.');
    const page = { limit: PURGED_LIMIT, ...(cursor === '' ? {} : { cursor }) };
    const { items, next } = await transcripts.purged(partition, page);
    return {
      conversations: items.map(({ tenant, conversationId, version }) => ({
        tenant,
        aggregateId: conversationId,
        version,
      })),
      nextCursor: next ?? '',
    };
  },
});
