import type { RequestContext } from '@parley/kernel';
import type { services } from './gen/services.js';

type Services = typeof services;
export type ServiceName = keyof Services;

interface Codec<T> {
  fromPartial(object: never): T;
}
type MessageOf<C> = C extends Codec<infer T> ? T : never;

/** The methods of a service as plain functions: `(request, context) => response`. Errors are thrown as ApiError. */
export type Handlers<S extends ServiceName> = {
  readonly [
    M in keyof Services[S]['definition']['methods'] as Services[S]['definition']['methods'][M] extends {
      readonly responseStream: true;
    }
      ? never
      : M
  ]: Services[S]['definition']['methods'][M] extends {
    readonly requestType: infer Req;
    readonly responseType: infer Res;
  }
    ? (request: MessageOf<Req>, context: RequestContext) => Promise<MessageOf<Res>>
    : never;
};

/** The methods of a service that answer with a stream: their request and one message of their answer. */
export type Streams<S extends ServiceName> = {
  readonly [
    M in keyof Services[S]['definition']['methods'] as Services[S]['definition']['methods'][M] extends {
      readonly responseStream: true;
    }
      ? M
      : never
  ]: Services[S]['definition']['methods'][M] extends {
    readonly requestType: infer Req;
    readonly responseType: infer Res;
  }
    ? { readonly request: MessageOf<Req>; readonly response: MessageOf<Res> }
    : never;
};

/** A client of a service has the same shape as its handlers: the context says for whom, and until when. */
export type Client<S extends ServiceName> = Handlers<S>;

/** Handlers of any services, by full service name. */
export type HandlerTable = { readonly [S in ServiceName]?: Handlers<S> };
