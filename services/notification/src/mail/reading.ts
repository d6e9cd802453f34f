import type { Client, conversation, transcript } from '@parley/contracts';
import type { RequestContext } from '@parley/kernel';

/** Of one answer. */
const PAGE_BYTES = 1 << 20;

/** All of a transcript, part by part; `context` is asked for before each. */
export const readTranscript = async (
  transcripts: Pick<Client<'parley.transcript.v1.TranscriptService'>, 'getTranscript'>,
  conversationId: string,
  context: () => RequestContext,
): Promise<Pick<transcript.GetTranscriptResponse, 'summary' | 'events'>> => {
  const events: conversation.RecordedEvent[] = [];
  for (let afterVersion = 0; ;) {
    const part = await transcripts.getTranscript(
      { conversationId, afterVersion, maxBytes: PAGE_BYTES },
      context(),
    );
    events.push(...part.events);
    if (part.nextAfterVersion <= afterVersion) return { summary: part.summary, events };
    afterVersion = part.nextAfterVersion;
  }
};
