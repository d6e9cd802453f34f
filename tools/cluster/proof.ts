import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fetchJson } from '@parley/client';
import { connectBus } from '@parley/messaging';
import { openDocumentCopier } from '@parley/store';
import { seededRandom } from '@parley/testkit';
import { createBackup, restoreBackup, type Outcome, type Platform } from '../backup/copy.js';
import { BackupFolder } from '../backup/folder.js';
import type { Chat } from '../replay/chats.js';
import { Onlookers } from '../replay/onlookers.js';
import { ReadBack, type Replayed } from '../replay/readback.js';
import { replay, type ReplayResult } from '../replay/replay.js';
import { Returns } from '../replay/returns.js';
import { deletePods } from './chaos.js';
import { copyBySchedule } from './copies.js';
import { compare, observe, type Seen } from './connections.js';
import { Installation, RELEASE, SERVICES } from './install.js';
import { inNewPartitions, raisePartitions } from './partitions.js';
import { refuseInstall, refuseUpgrades } from './refusals.js';
import { measure, total, type Use } from './sizing.js';

const COPIED_WITHIN_MS = 600_000;
const RETURN_P99_MS = 3_000;
const MEASURED_MS = 25_000;
const THOUSAND = 1_000;
/** How often it is looked who talks to whom. */
const LOOKS = 3;
const BETWEEN_LOOKS_MS = 3_000;

export interface ProofOptions {
  readonly namespace: string;
  readonly chats: readonly Chat[];
  readonly concurrency: number;
  readonly onlookers: number;
  readonly seed: number;
  /** `name=value` over the profile's values. */
  readonly sets: readonly string[];
}

type Told = Readonly<Record<string, unknown>>;
type Played = Awaited<ReturnType<typeof replay>>;

/** What is shown of an installation: each method is a phase, and fails with what was wrong. */
export class Proof {
  readonly #random: () => number;
  readonly #replayed: Replayed[] = [];
  readonly #scratch = mkdtempSync(join(tmpdir(), 'parley-cluster-'));
  /** All that has to be taken away. */
  readonly #spaces: Installation[] = [];
  own!: Installation;

  constructor(private readonly options: ProofOptions) {
    this.#random = seededRandom(options.seed);
  }

  /** From nothing to the first chat. */
  async install(): Promise<Told> {
    const startedAt = performance.now();
    this.own = await Installation.begin(this.options.namespace, this.options.sets);
    this.#spaces.push(this.own);
    await this.own.reached();
    const ready = performance.now();
    fine(await this.#play(this.options.chats.slice(0, 1), 1));
    return {
      readySeconds: seconds(ready - startedAt),
      firstChatSeconds: seconds(performance.now() - startedAt),
    };
  }

  /** Goes on with what an earlier run has kept. */
  async attach(): Promise<Told> {
    this.own = await Installation.attach(this.options.namespace, this.options.sets);
    this.#spaces.push(this.own);
    await this.own.upgrade([]);
    await this.own.space.settled(this.own.deployments);
    await this.own.reached();
    return {};
  }

  async helmTest(): Promise<Told> {
    await this.own.runHelm(['test', RELEASE, '--timeout', '3m']);
    return {};
  }

  /** What cannot be changed of it is refused before anything is touched. */
  async refusals(): Promise<Told> {
    return { refused: await refuseUpgrades(this.own) };
  }

  /** What it uses at rest and with a thousand visitors on their pages. */
  async size(): Promise<Told> {
    const idle = await measure(this.own, MEASURED_MS);
    const onlookers = new Onlookers();
    await onlookers.come(this.#target(), THOUSAND, new Returns());
    const busy = await measure(this.own, MEASURED_MS);
    onlookers.leave();
    const [before, after] = [total(idle), total(busy)];
    return {
      idle: before,
      idleBy: shown(idle),
      per1000Sockets: {
        memory: after.memory - before.memory,
        gatewayMemory: (busy['gateway']?.memory ?? 0) - (idle['gateway']?.memory ?? 0),
        cpu: after.cpu - before.cpu,
      },
    };
  }

  /** Nothing is broken; who talks to whom meanwhile is what the network policies say. */
  async undisturbed(): Promise<Told> {
    const seen: Seen[] = [];
    const told = await this.#playDuring(async () => {
      for (let look = 0; look < LOOKS; look++) {
        seen.push(...(await observe(this.own)));
        await pause(BETWEEN_LOOKS_MS);
      }
      return {};
    });
    const { pairs, refused, unused } = await compare(this.own, seen);
    if (refused.length > 0) throw new Error(`the network policies refuse ${refused.join(', ')}`);
    return { ...told, connections: pairs, unusedConnections: unused };
  }

  /** Every service is replaced, pod by pod. */
  async upgrade(): Promise<Told> {
    const told = await this.#playDuring(async () => {
      const stamp = `${Date.now()}`;
      const rolled = SERVICES.flatMap((service) => [
        '--set-string',
        `${service}.podAnnotations.rolled=${stamp}`,
      ]);
      await this.own.upgrade(rolled);
      await this.own.replaced();
      return { rolled: SERVICES.length };
    });
    if (!(Number(told['drained']) > 0))
      throw new Error(`no socket was asked to leave: ${JSON.stringify(told)}`);
    // How fast they return is told, not judged: on a node that starts all services at once it says most about the node.
    return { ...told, drainReturnP99AimMs: RETURN_P99_MS };
  }

  /** The conversation log gets more partitions, which chats that begin afterwards are in. */
  async partitions(): Promise<Told> {
    const told = await this.#playDuring(() => raisePartitions(this.own));
    const before = this.#replayed.length;
    const { chats } = fine(await this.#play(this.options.chats, this.options.concurrency));
    return { ...told, chatsAfterwards: chats, inNew: inNewPartitions(this.#replayed.slice(before)) };
  }

  /** Pods of each service and servers of NATS go at random. */
  chaos(): Promise<Told> {
    return this.#playDuring(async () => ({ deleted: await deletePods(this.own, this.#random, 3) }));
  }

  /** Services with partitions go from one pod to three and back. */
  scaling(): Promise<Told> {
    const scaled = ['conversation', 'routing', 'transcript'].map((name) => `deployment/${RELEASE}-${name}`);
    return this.#playDuring(async () => {
      for (const replicas of [3, 1]) {
        await this.own.space.kubectl(['scale', ...scaled, `--replicas=${replicas}`]);
        await this.own.space.settled(scaled);
        await pause(5_000);
      }
      return { scaled: '1 → 3 → 1' };
    });
  }

  /** The pods that copy by schedule do so behind the network policies, when they are asked at once. */
  copies(): Promise<Told> {
    return copyBySchedule(this.own);
  }

  /** A copy, put into an installation of its own, has every chat that was played. */
  async restore(): Promise<Told> {
    const folder = new BackupFolder(join(this.#scratch, 'backup'));
    const copied = await onPlatform(this.own, (platform) => createBackup(platform, folder, COPIED_WITHIN_MS));
    const secret = await this.own.space.secret(`${RELEASE}-secrets`);
    await this.own.remove();

    const restored = await Installation.begin(`${this.options.namespace}-restored`, this.own.sets);
    this.#spaces.push(restored);
    await restored.reached();
    await restored.scaleServices(0);
    const stringData = { PARLEY_SECRET: secret['PARLEY_SECRET'] };
    await restored.space.kubectl([
      ...['patch', 'secret', `${RELEASE}-secrets`, '-p', JSON.stringify({ stringData })],
    ]);
    await onPlatform(restored, (platform) => restoreBackup(platform, folder, true));
    await restored.scaleServices(1);
    await restored.reached();
    // Its people are those of the copy.
    restored.admin = this.own.admin;
    this.own = restored;
    return { ...copied, transcripts: await this.#readBack(restored), mismatches: 0 } satisfies Outcome & Told;
  }

  /** What is uninstalled goes on where it was when it is installed again, unless it was told to keep nothing. */
  async uninstall(): Promise<Told> {
    const { own } = this;
    // Its people are those of its data, which a restored one has from elsewhere.
    const { admin } = own;
    const kept = await own.uninstall(true);
    await refuseInstall(own);
    await own.install();
    await own.reached();
    own.admin = admin;
    const transcripts = await this.#readBack(own);
    await own.upgrade(['--set', 'keepData=false']);
    await own.space.settled(own.deployments);
    return { kept: kept.length, transcripts, left: (await own.uninstall(false)).length };
  }

  /** How many transcripts are those of the chats that were played; fails when one is not. */
  async #readBack(from: Installation): Promise<number> {
    const readBack = new ReadBack(from.grpcAddress, await tokenOf(from));
    const wrong = await readBack.transcriptMismatches(this.#replayed, 120_000);
    readBack.close();
    if (wrong.length > 0)
      throw new Error(`${wrong.length} transcripts differ: ${wrong.slice(0, 5).join(', ')}`);
    return this.#replayed.length;
  }

  async clean(): Promise<void> {
    rmSync(this.#scratch, { recursive: true, force: true });
    for (const one of this.#spaces) await one.remove().catch(() => undefined);
  }

  #target() {
    const { gateway, tenant } = this.own;
    return { http: gateway, socket: gateway, tenant, queueId: '' };
  }

  /** Plays the chats, again and again until `work` is done. Any deviation fails the phase. */
  async #playDuring(work: () => Promise<Told>): Promise<Told> {
    let working = true;
    const worked = pause(2_000)
      .then(work)
      .finally(() => (working = false));
    worked.catch(() => undefined); // told below
    const played = await this.#play(this.options.chats, this.options.concurrency, () => working);
    return { ...(await worked), ...fine(played) };
  }

  async #play(
    chats: readonly Chat[],
    concurrency: number,
    goOn: () => boolean = () => false,
  ): Promise<Played> {
    const { gateway, grpcAddress, tenant, admin } = this.own;
    const played = await replay({
      ...{ chats, concurrency, gateway, grpcAddress, tenant, admin, goOn },
      onlookers: concurrency === 1 ? 0 : this.options.onlookers,
    });
    this.#replayed.push(...played.replayed);
    return played;
  }
}

/** The figures; any deviation fails. */
const fine = ({ result, problems }: Played): ReplayResult => {
  if (problems.length > 0) throw new Error(`${JSON.stringify(result)}\n${problems.slice(0, 20).join('\n')}`);
  return result;
};

const tokenOf = async ({ gateway, tenant, admin }: Installation): Promise<string> => {
  const { tokens } = await fetchJson(gateway, 'parley.gateway.v1.AuthService/Login', { tenant, ...admin });
  return tokens?.accessToken ?? '';
};

/** Reaches NATS and MongoDB of an installation from here. */
const onPlatform = async <T>(own: Installation, work: (platform: Platform) => Promise<T>): Promise<T> => {
  const nats = await own.space.forward(`pod/${RELEASE}-nats-0`, 4222);
  const mongo = await own.space.forward(`pod/${RELEASE}-mongodb-0`, 27017);
  try {
    const users = await own.space.secret(`${RELEASE}-nats-users`);
    const bus = await connectBus({
      url: `nats://127.0.0.1:${nats.port}`,
      name: 'backup',
      user: 'backup',
      password: users['backup'] ?? '',
    });
    const copier = await openDocumentCopier(`mongodb://127.0.0.1:${mongo.port}/?directConnection=true`);
    try {
      return await work({ bus, copier, replicas: 3 });
    } finally {
      await copier.close();
      await bus.drain();
    }
  } finally {
    await Promise.all([nats.close(), mongo.close()]);
  }
};

const seconds = (ms: number): number => Math.round(ms / 100) / 10;

const shown = (uses: Readonly<Record<string, Use>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(uses).map(([name, { memory, cpu }]) => [name, `${memory} MiB, ${cpu} m`]),
  );
