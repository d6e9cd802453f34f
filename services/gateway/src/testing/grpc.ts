import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { methods } from '@parley/contracts';

/** A client of the public gRPC port that calls unary methods by their path. */
export class TestGrpc {
  readonly client: Client;
  constructor(address: string) {
    this.client = new Client(address, credentials.createInsecure());
  }

  call<T>(
    path: string,
    request: unknown,
    token?: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<T> {
    const method = methods.get(path);
    if (!method) throw new Error(`no method ${path}`);
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    if (token) metadata.set('authorization', `Bearer ${token}`);
    return new Promise((resolve, reject) => {
      this.client.makeUnaryRequest(
        `/${path}`,
        (message: unknown) => Buffer.from(method.requestType.encode(message).finish()),
        (bytes: Buffer) => method.responseType.decode(bytes) as T,
        request,
        metadata,
        (error, response) => (error ? reject(error) : resolve(response as T)),
      );
    });
  }

  /** The error that a call is answered with. */
  failure(path: string, request: unknown, token?: string): Promise<ServiceError> {
    return this.call(path, request, token).then(
      () => Promise.reject(new Error(`${path} was answered`)),
      (error: ServiceError) => error,
    );
  }
}
