import { visibleTo, type Handlers, type conversation, type transcript } from '@parley/contracts';
import {
  failedPrecondition,
  invalidArgument,
  notFound,
  permissionDenied,
  type RequestContext,
} from '@parley/kernel';
import type { SummaryState } from './domain.js';
import { forms, partOf } from './export/forms.js';

const DEFAULT_LIMIT = 50;
/** Of an answer that is not asked for in parts, leaving room below what one gRPC message may hold. */
const WHOLE_BYTES = 12 << 20;
const MAX_RETENTION_DAYS = 36_500;

interface Summary extends SummaryState {
  readonly tenant: string;
  readonly conversationId: string;
  readonly version: number;
}

interface Found {
  readonly items: readonly Summary[];
  readonly next?: string;
}

type Part = Pick<transcript.GetTranscriptRequest, 'conversationId' | 'afterVersion' | 'maxBytes'>;

interface PageOf {
  readonly limit: number;
  readonly cursor?: string;
}

/** What the handlers need of the documents; see store.ts. */
export interface Transcripts {
  summary(tenant: string, conversationId: string): Promise<Summary | undefined>;
  eventsAfter(
    tenant: string,
    conversationId: string,
    after: { version: number; maxBytes: number },
  ): Promise<{ events: readonly conversation.RecordedEvent[]; more: boolean }>;
  list(tenant: string, contactIds: readonly string[] | undefined, page: PageOf): Promise<Found>;
  search(
    tenant: string,
    search: PageOf & { query: string; agentId?: string; from?: number; to?: number },
  ): Promise<Found>;
  retention(tenant: string): Promise<number>;
  setRetention(tenant: string, days: number): Promise<void>;
}

/** Who is who: contacts that turned out to be another one. */
export interface Contacts {
  /** The contact and those merged into it. */
  family(contactId: string, context: RequestContext): Promise<readonly string[]>;
}

export interface TranscriptApiOptions {
  readonly transcripts: Transcripts;
  readonly contacts: Contacts;
}

/** Handlers for people and integrations. Visitors get their own conversations only, without what is internal. */
export const transcriptHandlers = ({
  transcripts,
  contacts,
}: TranscriptApiOptions): Handlers<'parley.transcript.v1.TranscriptService'> => {
  const own = async (contactId: string, context: RequestContext): Promise<boolean> =>
    contactId === context.principal.id ||
    (contactId !== '' && (await contacts.family(context.principal.id, context)).includes(contactId));

  const readable = async (conversationId: string, context: RequestContext): Promise<Summary> => {
    const summary = await transcripts.summary(context.tenant, conversationId);
    const allowed =
      summary && (context.principal.role !== 'visitor' || (await own(summary.contactId, context)));
    if (!summary || !allowed)
      throw notFound(
        'NO_SUCH_TRANSCRIPT',
        'There is no transcript of this conversation (yet); check its id.',
      );
    return summary;
  };

  /** The part of the transcript that is asked for; all of it, or a refusal, where no part is. */
  const partFor = async ({ conversationId, afterVersion, maxBytes }: Part, context: RequestContext) => {
    const { events, more } = await transcripts.eventsAfter(context.tenant, conversationId, {
      version: afterVersion,
      maxBytes: maxBytes || WHOLE_BYTES,
    });
    if (more && maxBytes === 0) throw tooLarge();
    return { events: events.map((event) => visibleTo(context.principal.role, event)), more };
  };

  return {
    getTranscript: async (request, context) => {
      const summary = await readable(request.conversationId, context);
      const { events, more } = await partFor(request, context);
      const nextAfterVersion = more ? (events.at(-1)?.version ?? 0) : 0;
      return { summary: toProto(summary, context), events, nextAfterVersion };
    },
    listTranscripts: async ({ contactId, page }, context) => {
      const { principal, tenant } = context;
      const of = principal.role === 'visitor' ? principal.id : contactId;
      const ids = of === '' ? undefined : await contacts.family(of, context);
      return toList(await transcripts.list(tenant, ids, pageOf(page)), context);
    },
    searchTranscripts: async ({ query, from, to, agentId, page }, context) => {
      if (context.principal.role === 'visitor')
        throw permissionDenied(
          'NOT_FOR_VISITORS',
          'Visitors list their own transcripts: use ListTranscripts.',
        );
      const found = await transcripts.search(context.tenant, {
        query,
        ...(agentId === '' ? {} : { agentId }),
        ...(from ? { from: from.getTime() } : {}),
        ...(to ? { to: to.getTime() } : {}),
        ...pageOf(page),
      });
      return toList(found, context);
    },
    exportTranscript: async (request, context) => {
      const { conversationId, format, afterVersion, maxBytes } = request;
      const form = forms[format];
      if (!form) throw invalidArgument('format', 'choose FORMAT_JSON or FORMAT_HTML');
      const summary = await readable(conversationId, context);
      const { events, more } = await partFor(request, context);
      const file = form.open(toProto(summary, context), summary.locale);
      const part = partOf(file, {
        events,
        more,
        begins: afterVersion === 0,
        maxBytes: maxBytes || WHOLE_BYTES,
      });
      if (part.nextAfterVersion > 0 && maxBytes === 0) throw tooLarge();
      return {
        mediaType: form.mediaType,
        fileName: `transcript-${conversationId}.${form.extension}`,
        ...part,
      };
    },
    getRetention: async (_request, { tenant }) => ({
      retention: { days: await transcripts.retention(tenant) },
    }),
    setRetention: async ({ retention }, { tenant }) => {
      const days = retention?.days ?? 0;
      if (days > MAX_RETENTION_DAYS)
        throw invalidArgument('retention.days', `give 0 (kept for good) to ${MAX_RETENTION_DAYS}`);
      await transcripts.setRetention(tenant, days);
      return { retention: { days } };
    },
  };
};

const pageOf = (page: { limit: number; cursor: string } | undefined): PageOf => ({
  limit: page?.limit || DEFAULT_LIMIT,
  ...(page?.cursor ? { cursor: page.cursor } : {}),
});

const toList = ({ items, next }: Found, context: RequestContext): transcript.ListTranscriptsResponse => ({
  transcripts: items.map((summary) => toProto(summary, context)),
  nextCursor: next ?? '',
});

const toProto = (summary: Summary, { principal }: RequestContext): transcript.Summary => ({
  conversationId: summary.conversationId,
  contactId: summary.contactId,
  contactName: summary.contactName,
  startedAt: new Date(summary.startedAt),
  closedAt: summary.closedAt === null ? undefined : new Date(summary.closedAt),
  closeReason: shownReason(summary, principal.role === 'visitor'),
  queueId: summary.queueId,
  agentIds: [...summary.agentIds],
  messages: summary.messages,
  rating: summary.rating,
  topic: summary.topic,
  excerpt: summary.excerpt,
  version: summary.version,
});

/** As in the events: what the inside thinks of a visitor stays inside. */
const shownReason = ({ closeReason }: Summary, isVisitor: boolean): conversation.CloseReason => {
  if (!isVisitor) return closeReason;
  const shown = visibleTo('visitor', {
    version: 1,
    time: undefined,
    actor: undefined,
    commandId: '',
    event: { event: { $case: 'closed', value: { reason: closeReason, effectiveAt: undefined } } },
  }).event?.event;
  return shown?.$case === 'closed' ? shown.value.reason : 0;
};

const tooLarge = () =>
  failedPrecondition(
    'TRANSCRIPT_TOO_LARGE',
    `This is more than ${WHOLE_BYTES >> 20} MB: ask for it in parts, with maxBytes, each with the nextAfterVersion of the one before as afterVersion.`,
  );
