import type { Client } from '@parley/contracts';
import type { Clock } from '@parley/kernel';
import type { Sealer } from '@parley/service';
import type { Logger } from '@parley/telemetry';
import type { Collections } from './documents.js';
import { Allowance } from './mail/allowance.js';
import { Mailer } from './mail/mailer.js';
import { MailRequests } from './mail/requests.js';
import type { MailTransport } from './mail/transport.js';
import { notificationProjection } from './projection.js';
import { Deliveries } from './webhooks/deliveries.js';
import { Endpoints } from './webhooks/endpoints.js';
import type { RetryPolicy } from './webhooks/lane.js';
import type { Poster } from './webhooks/post.js';
import { Sender } from './webhooks/sender.js';

export interface Surroundings {
  readonly docs: Collections;
  readonly sealer: Sealer;
  readonly poster: Pick<Poster, 'post'>;
  readonly transport: MailTransport;
  readonly transcripts: Pick<Client<'parley.transcript.v1.TranscriptService'>, 'getTranscript'>;
  readonly retry: RetryPolicy;
  /** Of mails whose conversation transcript does not have yet. */
  readonly behind?: RetryPolicy;
  /** Transcripts that are mailed for one tenant in a day. */
  readonly mailsPerDay: number;
  readonly concurrency: number;
  readonly allowPrivate: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The parts of the service over what it stands on; main.ts gives them to the handlers and the consumer. */
export const assemble = (on: Surroundings) => {
  const { docs, sealer, clock, retry, logger } = on;
  const sender = new Sender({
    ...docs,
    poster: on.poster,
    sealer,
    retry,
    clock,
    logger,
    concurrency: on.concurrency,
  });
  const allowance = new Allowance(docs.counts);
  const mailer = new Mailer({
    docs,
    allowance,
    transcripts: on.transcripts,
    transport: on.transport,
    retry,
    behind: on.behind,
    clock,
    logger,
  });
  const endpoints = new Endpoints({ ...docs, sealer, allowPrivate: on.allowPrivate, clock });
  const onDeliveries = (endpointKey: string): void => sender.wake(endpointKey);
  const onMails = (): void => mailer.wake();
  return {
    endpoints,
    deliveries: new Deliveries(docs.deliveries, clock, onDeliveries),
    requests: new MailRequests(docs, allowance, on.mailsPerDay, clock, onMails),
    projection: notificationProjection({
      docs,
      endpointsOf: (tenant) => endpoints.cached(tenant),
      clock,
      onDeliveries,
      onMails,
    }),
    /** Begins to send; what is pending from earlier goes out. */
    start: async (): Promise<void> => {
      await sender.start();
      mailer.wake();
    },
    /** Resolves when nothing is under way any more. */
    stop: async (): Promise<void> => {
      await Promise.all([sender.stop(), mailer.stop()]);
      on.transport.close();
    },
  };
};
