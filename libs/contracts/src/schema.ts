import type { Role } from '@parley/kernel';

/** What a contract says about a field beyond its type; see proto/parley/options/v1/options.proto. */
export interface FieldRules {
  readonly required?: boolean;
  readonly id?: boolean;
  readonly maxLen?: number;
  readonly gte?: number;
  readonly lte?: number;
  readonly pattern?: string;
  readonly user?: boolean;
  /** The text of a string field, JSON for every other one; the whole of a repeated or map field. */
  readonly example?: string;
}

export interface FieldSchema {
  /** Its JSON name, which is its name in TypeScript too. */
  readonly name: string;
  /** protobuf's scalar type, "message" or "enum". */
  readonly type: string;
  /** Full name of the message or enum. */
  readonly typeName?: string;
  readonly repeated?: boolean;
  /** A map with string keys; type and typeName are the value's. */
  readonly map?: boolean;
  /** Name of the oneof that it is a case of. */
  readonly oneof?: string;
  readonly rules?: FieldRules;
  readonly personal?: boolean;
}

export interface MethodSchema {
  /** Full name of its service. */
  readonly service: string;
  readonly name: string;
  /** The Parley service that carries it out: "conversation", "routing", … */
  readonly owner: string;
  readonly request: string;
  readonly response: string;
  /** It answers with a stream of its response type; only the gateway carries such methods out. */
  readonly serverStreaming: boolean;
  /** Who may call it; "anyone" needs no token. */
  readonly roles: readonly (Role | 'anyone')[];
  readonly kind: 'read' | 'command' | 'gateway';
  /** Commands: "tenant", "contact", "partition", or the snake_case request field that holds an aggregate's id. */
  readonly key?: string;
  /** How long a call may take where that is not the usual time; see longestMs. */
  readonly deadlineSeconds?: number;
}
