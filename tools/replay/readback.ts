import { credentials, Metadata } from '@grpc/grpc-js';
import {
  type analytics,
  common,
  type conversation,
  methods,
  services,
  type transcript,
} from '@parley/contracts';
import { Client, type ServiceDefinition } from './grpc.js';
import type { Chat } from './chats.js';
import { persist } from './persist.js';
import { setTimeout as pause } from 'node:timers/promises';

/** Of one answer: a client of gRPC takes 4 MB where nobody asks for more. */
const PART_BYTES = 1 << 20;

export interface Replayed {
  readonly chat: Chat;
  readonly conversationId: string;
}

/** Reads what the platform kept, over gRPC, and compares it with what was said. */
export class ReadBack {
  readonly #metadata = new Metadata();
  readonly #clients = new Map<string, Client>();

  constructor(
    private readonly address: string,
    token: string,
  ) {
    this.#metadata.set('authorization', `Bearer ${token}`);
  }

  /** How many transcripts differ from their chat in any word, author or order. */
  async transcriptMismatches(replayed: readonly Replayed[], patienceMs: number): Promise<string[]> {
    const wrong: string[] = [];
    const until = Date.now() + patienceMs;
    for (const { chat, conversationId } of replayed) {
      let told = await this.#said(conversationId);
      while (!told.closed && Date.now() < until) {
        await pause(100);
        told = await this.#said(conversationId);
      }
      const said = chat.turns.map(({ from, text }) => ({ from, text }));
      if (!told.closed || JSON.stringify(told.turns) !== JSON.stringify(said)) wrong.push(conversationId);
    }
    return wrong;
  }

  /** The figures of a queue since a time, once they speak of `offered` chats with `ratings` ratings. */
  async figures(queueId: string, from: Date, want: { closed: number; ratings: number }, patienceMs: number) {
    const until = Date.now() + patienceMs;
    for (;;) {
      const to = new Date(Date.now() + 60_000);
      const { total } = (await this.#call('parley.analytics.v1.AnalyticsService', 'getReport', {
        from,
        to,
        queueId,
      })) as analytics.GetReportResponse;
      const there = total && total.closed >= want.closed && total.ratings >= want.ratings;
      if (there || Date.now() > until) return total;
      await pause(250);
    }
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  async #said(conversationId: string): Promise<{ closed: boolean; turns: { from: string; text: string }[] }> {
    const events = await this.#events(conversationId).catch(() => []);
    const turns = events.flatMap(({ actor, event }) =>
      event?.event?.$case === 'messageSent' && event.event.value.content?.$case === 'text'
        ? [
            {
              from: actor?.kind === common.Actor_Kind.KIND_VISITOR ? 'visitor' : 'agent',
              text: event.event.value.content.value.text,
            },
          ]
        : [],
    );
    const closed = events.some(({ event }) => event?.event?.$case === 'closed');
    return { closed, turns };
  }

  async #events(conversationId: string): Promise<conversation.RecordedEvent[]> {
    const events: conversation.RecordedEvent[] = [];
    for (let afterVersion = 0; ;) {
      const fields = { conversationId, afterVersion, maxBytes: PART_BYTES };
      const part = (await persist(() =>
        this.#call('parley.transcript.v1.TranscriptService', 'getTranscript', fields),
      )) as transcript.GetTranscriptResponse;
      events.push(...part.events);
      if (part.nextAfterVersion <= afterVersion) return events;
      afterVersion = part.nextAfterVersion;
    }
  }

  #call(service: keyof typeof services, method: string, fields: object): Promise<unknown> {
    let client = this.#clients.get(service);
    if (!client) {
      client = new Client(
        this.address,
        credentials.createInsecure(),
        services[service].grpc as unknown as ServiceDefinition,
      );
      this.#clients.set(service, client);
    }
    const known = methods.get(`${service}/${method[0]?.toUpperCase()}${method.slice(1)}`);
    return client.call(method, known?.requestType.fromPartial(fields) as object, this.#metadata, 15_000);
  }
}
