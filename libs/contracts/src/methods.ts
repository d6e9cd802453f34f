import type { BinaryReader } from '@bufbuild/protobuf/wire';
import { services } from './gen/services.js';
import { methodSchemas } from './gen/schema.js';
import type { MethodSchema } from './schema.js';

/** Encodes and decodes one message type, binary and JSON. */
export interface MessageCodec<T = unknown> {
  encode(message: T): { finish(): Uint8Array };
  decode(input: BinaryReader | Uint8Array): T;
  fromJSON(json: unknown): T;
  /** Fills in what is missing with the defaults. */
  fromPartial(fields: object): T;
  toJSON(message: T): unknown;
}

/** Everything known about a method: what its contract says, and the codecs of its messages. */
export interface Method extends MethodSchema {
  /** `parley.x.v1.XService/Method`, as in a Call frame and (with a leading slash) in gRPC and HTTP paths. */
  readonly path: string;
  /** Its key in Handlers. */
  readonly handler: string;
  readonly requestType: MessageCodec;
  readonly responseType: MessageCodec;
}

interface RawMethod {
  readonly name: string;
  readonly requestType: MessageCodec;
  readonly responseType: MessageCodec;
}

const build = (schema: MethodSchema): Method => {
  const { definition } = services[schema.service as keyof typeof services];
  const entry = Object.entries(definition.methods as unknown as Record<string, RawMethod>).find(
    ([, m]) => m.name === schema.name,
  );
  if (!entry) throw new Error(`generated code lacks ${schema.service}/${schema.name}: run npm run generate`);
  const [handler, raw] = entry;
  return {
    ...schema,
    path: `${schema.service}/${schema.name}`,
    handler,
    requestType: raw.requestType,
    responseType: raw.responseType,
  };
};

const USUAL_SECONDS = 10;

/** How long a call of the method may take at most, ms; the usual time when it is not known which method it is. */
export const longestMs = (method?: Pick<MethodSchema, 'deadlineSeconds'>): number =>
  (method?.deadlineSeconds ?? USUAL_SECONDS) * 1000;

/** Every method of the platform by its path, internal ones included. */
export const methods: ReadonlyMap<string, Method> = new Map(
  methodSchemas.map((schema) => [`${schema.service}/${schema.name}`, build(schema)]),
);

/** What the gateway serves to the outside: every method that somebody other than the system may call. */
export const publicMethods: readonly Method[] = [...methods.values()].filter((m) =>
  m.roles.some((role) => role !== 'system'),
);
