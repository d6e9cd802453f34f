import { createConsumer, joinMembership, openEventLog } from '@parley/eventlog';
import { runService } from '@parley/service';
import { openStore } from '@parley/store';
import { transcriptHandlers, transcriptInternalHandlers } from './api.js';
import { config } from './config.js';
import { contactsOf } from './contacts.js';
import { openCollections } from './documents.js';
import { transcriptProjection } from './projection.js';
import { openTranscripts } from './store.js';

await runService({
  name: 'transcript',
  config,
  build: async ({ config: values, bus, caller, logger }) => {
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
      projection: transcriptProjection(docs),
      checkpoints: store,
      logger,
    });
    const membership = await joinMembership({
      bus,
      group: 'transcript',
      partitions: () => log.refresh(),
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
      },
      drain: async () => {
        await membership.leave();
        await consumer.stopAll();
        // The store stays open: reads are served until the process ends, and all that was answered is on disk.
      },
    };
  },
});
