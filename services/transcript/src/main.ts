import {
  announcePositions,
  createConsumer,
  joinMembership,
  openEventLog,
  readPositions,
} from '@parley/eventlog';
import { runService } from '@parley/service';
import { openStore } from '@parley/store';
import { transcriptHandlers, transcriptInternalHandlers } from './api.js';
import { config } from './config.js';
import { contactsOf } from './contacts.js';
import { openCollections } from './documents.js';
import { transcriptProjection } from './projection.js';
import { Purge } from './purge.js';
import { sweepRetention } from './retention.js';
import { openTranscripts } from './store.js';
import { Upkeep } from './upkeep.js';

await runService({
  name: 'transcript',
  config,
  build: async ({ config: values, bus, caller, clock, logger }) => {
    const store = await openStore({
      name: 'transcript',
      durability: 'record',
      mongodbUrl: values.MONGODB_URL,
      folder: values.PARLEY_DATA,
    });
    const docs = await openCollections(store);
    const transcripts = openTranscripts(docs);
    const log = await openEventLog({
      bus,
      name: 'conversation',
      partitions: values.PARLEY_PARTITIONS,
      replicas: values.PARLEY_NATS_REPLICAS,
    });
    const consumer = createConsumer({
      log,
      projection: transcriptProjection(docs, () => upkeep.erased()),
      checkpoints: store,
      logger,
    });
    const membership = await joinMembership({
      bus,
      group: 'transcript',
      partitions: () => log.refresh(),
      logger,
    });
    const replicas = values.PARLEY_NATS_REPLICAS;
    const upkeep: Upkeep = new Upkeep({
      purge: new Purge({
        log,
        docs,
        transcripts,
        positions: await readPositions(bus, replicas),
        consumers: values.PARLEY_PURGE_CONSUMERS,
        holdMs: values.PARLEY_PURGE_HOLD_MS,
        clock,
        logger,
      }),
      sweepRetention: () =>
        sweepRetention({
          docs,
          conversations: caller.client('parley.conversation.v1.ConversationService'),
          clock,
          logger,
        }),
      store,
      owned: () => membership.owned(),
      purgeEveryMs: values.PARLEY_PURGE_EVERY_MS,
      retentionEveryMs: values.PARLEY_RETENTION_SWEEP_MS,
      logger,
    });
    const announcer = await announcePositions({
      bus,
      log: 'conversation',
      name: 'transcript',
      consumer,
      replicas,
      logger,
    });
    return {
      handlers: {
        'parley.transcript.v1.TranscriptService': transcriptHandlers({
          transcripts,
          contacts: contactsOf(caller.client('parley.conversation.v1.ConversationInternalService')),
        }),
        'parley.transcript.v1.TranscriptInternalService': transcriptInternalHandlers(transcripts),
      },
      readiness: { documents: () => store.ping() },
      start: async () => {
        membership.onChange(async (gained, lost) => {
          await Promise.all(lost.map((partition) => consumer.stop(partition)));
          await Promise.all(gained.map((partition) => consumer.start(partition)));
        });
        upkeep.start();
      },
      drain: async () => {
        await upkeep.stop();
        await announcer.stop();
        await membership.leave();
        await consumer.stopAll();
        // The store stays open: reads are served until the process ends, and all that was answered is on disk.
      },
    };
  },
});
