import { Client as GrpcClient, type Metadata, type MethodDefinition, type ServiceError } from '@grpc/grpc-js';
import { ApiError, type ErrorCode } from '@parley/kernel';

export type ServiceDefinition = Readonly<Record<string, MethodDefinition<object, object>>>;

/** A plain gRPC client over generated definitions, as an integrator would have it. */
export class Client extends GrpcClient {
  readonly #definition: ServiceDefinition;

  constructor(
    address: string,
    credentials: ConstructorParameters<typeof GrpcClient>[1],
    definition: ServiceDefinition,
  ) {
    super(address, credentials);
    this.#definition = definition;
  }

  /** Rejects with an ApiError of the status's code. */
  call(method: string, request: object, metadata: Metadata, timeoutMs: number): Promise<object> {
    const definition = this.#definition[method];
    if (!definition) return Promise.reject(new Error(`no method ${method}`));
    const { path, requestSerialize, responseDeserialize } = definition;
    const options = { deadline: Date.now() + timeoutMs };
    return new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, response?: object): void => {
        if (error) reject(new ApiError(error.code as ErrorCode, error.details));
        else resolve(response ?? {});
      };
      this.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, metadata, options, done);
    });
  }
}
