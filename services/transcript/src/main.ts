import { type GroupConsumer, joinConsumerGroup, openEventLog, readPositions } from '@parley/eventlog';
import { runService } from '@parley/service';
import { openStore } from '@parley/store';
import { transcriptHandlers } from './api.js';
import { transcriptInternalHandlers } from './internal-api.js';
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
    const replicas = values.PARLEY_NATS_REPLICAS;
    let group: GroupConsumer | undefined;
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
      owned: () => group?.membership.owned() ?? new Set(),
      purgeEveryMs: values.PARLEY_PURGE_EVERY_MS,
      retentionEveryMs: values.PARLEY_RETENTION_SWEEP_MS,
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
      consumers: () => (group ? [group.consumer] : []),
      readiness: { documents: () => store.ping() },
      start: async () => {
        group = await joinConsumerGroup({
          bus,
          log,
          projection: transcriptProjection(docs, () => upkeep.erased()),
          checkpoints: store,
          replicas,
          logger,
        });
        upkeep.start();
      },
      drain: async () => {
        await upkeep.stop();
        await group?.stop();
        // The store stays open: reads are served until the process ends, and all that was answered is on disk.
      },
    };
  },
});
