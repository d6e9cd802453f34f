/** Who acts. Comes from a verified token or from a service of the platform, never from a request's body. */
export type Role = 'visitor' | 'agent' | 'supervisor' | 'admin' | 'integration' | 'system';

export interface Principal {
  readonly role: Role;
  /** A contact id for visitors, a user id for people, a key id for integrations, a service name for the system. */
  readonly id: string;
  /** What other people see; personal data, never logged. */
  readonly name?: string;
}

/** What travels with every call between processes, in NATS headers and gRPC metadata alike. */
export interface RequestContext {
  readonly tenant: string;
  readonly principal: Principal;
  /** Milliseconds since 1970 after which nobody waits for the answer any more. */
  readonly deadline: number;
  /** W3C trace context of the caller. */
  readonly traceparent?: string;
}
