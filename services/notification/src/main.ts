import { type GroupConsumer, joinConsumerGroup, openEventLog } from '@parley/eventlog';
import { purgedFrom, runService } from '@parley/service';
import { openStore } from '@parley/store';
import { notificationHandlers } from './api.js';
import { assemble } from './assembly.js';
import { config } from './config.js';
import { openCollections } from './documents.js';
import { mailboxTransport, smtpTransport } from './mail/transport.js';
import { documentSealer } from './secrets.js';
import { openMailbox } from './store.js';
import { createPoster } from './webhooks/post.js';

await runService({
  name: 'notification',
  config,
  build: async ({ config: values, bus, caller, clock, logger }) => {
    const store = await openStore({
      name: 'notification',
      durability: 'record',
      mongodbUrl: values.MONGODB_URL,
      folder: values.PARLEY_DATA,
    });
    const docs = await openCollections(store);
    const poster = createPoster({
      allowPrivate: values.PARLEY_WEBHOOK_ALLOW_PRIVATE,
      timeoutMs: values.PARLEY_WEBHOOK_TIMEOUT_MS,
    });
    const service = assemble({
      docs,
      sealer: documentSealer(values.PARLEY_SECRET),
      poster,
      transport: values.SMTP_URL
        ? smtpTransport(values.SMTP_URL, values.PARLEY_MAIL_FROM)
        : mailboxTransport(docs.mails, () => clock.now()),
      transcripts: caller.client('parley.transcript.v1.TranscriptService'),
      retry: {
        baseMs: values.PARLEY_RETRY_BASE_MS,
        capMs: values.PARLEY_RETRY_CAP_MS,
        attempts: values.PARLEY_RETRY_ATTEMPTS,
      },
      mailsPerDay: values.PARLEY_MAILS_PER_DAY,
      concurrency: values.PARLEY_WEBHOOK_CONCURRENCY,
      allowPrivate: values.PARLEY_WEBHOOK_ALLOW_PRIVATE,
      clock,
      logger,
    });
    const log = await openEventLog({
      bus,
      name: 'conversation',
      partitions: values.PARLEY_PARTITIONS,
      replicas: values.PARLEY_NATS_REPLICAS,
    });
    let group: GroupConsumer | undefined;
    return {
      handlers: {
        'parley.notification.v1.NotificationService': notificationHandlers({
          ...service,
          mailbox: openMailbox(docs),
          conversations: caller.client('parley.conversation.v1.ConversationService'),
        }),
      },
      consumers: () => (group ? [group.consumer] : []),
      readiness: { documents: () => store.ping() },
      start: async () => {
        await service.start();
        group = await joinConsumerGroup({
          bus,
          log,
          projection: service.projection,
          checkpoints: store,
          // No listPurged: where the documents are gone, it would send the webhooks of old conversations again.
          loadPurged: purgedFrom(
            caller.client('parley.transcript.v1.TranscriptInternalService'),
            'notification',
            clock,
          ),
          replicas: values.PARLEY_NATS_REPLICAS,
          logger,
        });
      },
      drain: async () => {
        await group?.stop();
        await service.stop();
        await poster.close();
      },
    };
  },
});
