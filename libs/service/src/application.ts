import 'reflect-metadata';
import type { INestMicroservice, LoggerService, OnApplicationShutdown } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NatsTransport } from '@parley/messaging';
import type { Logger } from '@parley/telemetry';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { GrpcTransport } from './grpc-transport.js';

/** Both transports as one, since a Nest microservice has one: opened and closed in the order that draining needs. */
class Transports extends Server implements CustomTransportStrategy {
  constructor(
    private readonly grpc: GrpcTransport,
    private readonly nats: NatsTransport,
  ) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    this.grpc.listen((error) => (error ? callback(error) : this.nats.listen(callback)));
  }

  async close(): Promise<void> {
    await this.grpc.close();
    await this.nats.close();
  }

  on(): never {
    throw new Error('the transports have no events');
  }

  unwrap<T>(): T {
    return [this.grpc.unwrap(), this.nats.unwrap()] as T;
  }
}

/** Closes what the transports stand on, after them. */
class Foundations implements OnApplicationShutdown {
  constructor(private readonly release: () => Promise<void>) {}
  onApplicationShutdown(): Promise<void> {
    return this.release();
  }
}

class ServiceModule {}

export interface ApplicationOptions {
  readonly grpc: GrpcTransport;
  readonly nats: NatsTransport;
  readonly logger: Logger;
  /** What `close` does last: connections that everything else stood on. */
  readonly release: () => Promise<void>;
}

/** The Nest application of a service: `listen` opens gRPC, `close` drains gRPC, then NATS, then releases the rest. */
export const createApplication = (options: ApplicationOptions): Promise<INestMicroservice> =>
  NestFactory.createMicroservice(
    {
      module: ServiceModule,
      providers: [{ provide: Foundations, useFactory: () => new Foundations(options.release) }],
    },
    { strategy: new Transports(options.grpc, options.nats), logger: nestLogger(options.logger) },
  );

const nestLogger = (logger: Logger): LoggerService => ({
  // Nest tells of each module and route at this level: noise next to the service's own lines.
  log: (message: unknown) => logger.debug(String(message)),
  error: (message: unknown) => logger.error(String(message)),
  warn: (message: unknown) => logger.warn(String(message)),
  debug: (message: unknown) => logger.debug(String(message)),
  verbose: (message: unknown) => logger.trace(String(message)),
  fatal: (message: unknown) => logger.fatal(String(message)),
});
