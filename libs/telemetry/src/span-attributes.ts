/**
 * Every attribute that a span of the platform may have; the types allow no other. Names are those of OpenTelemetry's
 * conventions where there is one. None holds a text that somebody wrote, a name, an address or a credential.
 */
export const SPAN_ATTRIBUTES = [
  /** How a call came: socket, http, grpc, nats. */
  'rpc.system.name',
  /** `parley.x.v1.XService/Method`. */
  'rpc.method',
  /** OK or gRPC's name of the code, such as NOT_FOUND. */
  'rpc.response.status_code',
  /** Why it failed: an ApiError's reason, such as NOT_A_PARTICIPANT, or the class of the error. */
  'error.type',
  'messaging.system',
  /** append, process or deliver. */
  'messaging.operation.name',
  /** send or process. */
  'messaging.operation.type',
  /** The log: conversation, routing or tenant. */
  'messaging.destination.name',
  'messaging.destination.partition.id',
  /** The projection. */
  'messaging.consumer.group.name',
  /** Commits that were processed together with this one. */
  'messaging.batch.message_count',
  'parley.tenant',
  'parley.conversation',
  /** Version of the commit's first event. */
  'parley.version',
  /** Sockets that a commit was sent to. */
  'parley.sockets',
] as const;

export type SpanAttribute = (typeof SPAN_ATTRIBUTES)[number];
export type SpanAttributes = Readonly<Partial<Record<SpanAttribute, string | number>>>;
