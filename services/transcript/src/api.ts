import { transcript, visibleTo, type Handlers, type conversation } from '@parley/contracts';
import { invalidArgument, notFound, permissionDenied, type RequestContext } from '@parley/kernel';
import type { SummaryState } from './domain.js';
import { transcriptPage } from './export/page.js';

const DEFAULT_LIMIT = 50;
/** Answer of ReadCommits, leaving room below what one gRPC message may hold; callers ask again after the last one. */
const READ_BYTES = 12 << 20;
/** Conversations in one answer of ListPurged. */
const PURGED_LIMIT = 500;
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

interface PageOf {
  readonly limit: number;
  readonly cursor?: string;
}

/** What the handlers need of the documents; see store.ts. */
export interface Transcripts {
  summary(tenant: string, conversationId: string): Promise<Summary | undefined>;
  commits(
    tenant: string,
    conversationId: string,
    after?: { version: number; maxBytes: number },
  ): Promise<readonly Buffer[]>;
  events(tenant: string, conversationId: string): Promise<readonly conversation.RecordedEvent[]>;
  list(tenant: string, contactIds: readonly string[] | undefined, page: PageOf): Promise<Found>;
  search(
    tenant: string,
    search: PageOf & { query: string; agentId?: string; from?: number; to?: number },
  ): Promise<Found>;
  purged(partition: number, page: PageOf): Promise<Found>;
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

  const eventsFor = async (conversationId: string, { tenant, principal }: RequestContext) =>
    (await transcripts.events(tenant, conversationId)).map((recorded) => visibleTo(principal.role, recorded));

  return {
    getTranscript: async ({ conversationId }, context) => {
      const summary = await readable(conversationId, context);
      return { summary: toProto(summary, context), events: await eventsFor(conversationId, context) };
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
    exportTranscript: async ({ conversationId, format }, context) => {
      const { ExportTranscriptRequest_Format: Format } = transcript;
      if (format !== Format.FORMAT_JSON && format !== Format.FORMAT_HTML)
        throw invalidArgument('format', 'choose FORMAT_JSON or FORMAT_HTML');
      const summary = await readable(conversationId, context);
      const content: transcript.GetTranscriptResponse = {
        summary: toProto(summary, context),
        events: await eventsFor(conversationId, context),
      };
      return format === Format.FORMAT_JSON
        ? file(conversationId, 'json', 'application/json', jsonOf(content))
        : file(conversationId, 'html', 'text/html; charset=utf-8', transcriptPage(content, summary.locale));
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

/** Handlers for other services. */
export const transcriptInternalHandlers = (
  transcripts: Pick<Transcripts, 'commits' | 'purged'>,
): Handlers<'parley.transcript.v1.TranscriptInternalService'> => ({
  readCommits: async ({ tenant, aggregateId, afterVersion }, { principal }) => {
    if (principal.role !== 'system')
      throw permissionDenied(
        'SERVICES_ONLY',
        'Only services of the platform read commits: use GetTranscript.',
      );
    const commits = await transcripts.commits(tenant, aggregateId, {
      version: afterVersion,
      maxBytes: READ_BYTES,
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

const jsonOf = (content: transcript.GetTranscriptResponse): string =>
  `${JSON.stringify(transcript.GetTranscriptResponse.toJSON(content), null, 2)}\n`;

const file = (
  conversationId: string,
  extension: string,
  mediaType: string,
  text: string,
): transcript.ExportTranscriptResponse => ({
  mediaType,
  fileName: `transcript-${conversationId}.${extension}`,
  content: Buffer.from(text, 'utf8'),
});
