import { setTimeout as pause } from 'node:timers/promises';
import { ensureHelm } from '../../scripts/helm.mjs';
import type { Admin } from '../replay/agents.js';
import { Namespace, run, type Pod } from './kube.js';

export const CHART = 'helm/parley';
export const RELEASE = 'parley';
export const SERVICES = [
  'gateway',
  'conversation',
  'routing',
  'presence',
  'transcript',
  'analytics',
  'notification',
] as const;
const READY_WITHIN_MS = 300_000;
const GONE_WITHIN_MS = 120_000;

/** The chart as it is tried: small, of images that were built here, reached through a port of the node. */
const PROFILE = [
  // Side by side with everything else that a test node runs.
  ...SERVICES.flatMap((service) => ['--set', `${service}.resources.requests.cpu=50m`]),
  ...['-f', `${CHART}/values-small.yaml`, '-f', `${CHART}/ci/stand-ins.yaml`],
  ...['--set', 'service.type=NodePort'],
  // The agents of the chats all log in from one address.
  ...['--set-string', 'gateway.env.PARLEY_LOGIN_RATE=1000'],
];

/** A release of the chart in a namespace of its own. */
export class Installation {
  readonly space: Namespace;
  gateway = '';
  grpcAddress = '';
  tenant = '';
  admin: Admin = { email: '', password: '' };

  /** `name=value` over the profile's: what was asked for, and what an upgrade has changed for good. */
  readonly #sets: string[];

  private constructor(
    namespace: string,
    private readonly helm: string,
    sets: readonly string[],
  ) {
    this.#sets = [...sets];
    this.space = new Namespace(namespace);
  }

  /** Makes the namespace and installs; does not wait. `sets`: `name=value` over the profile's. */
  static async begin(namespace: string, sets: readonly string[]): Promise<Installation> {
    const own = new Installation(namespace, await ensureHelm(), sets);
    await own.#makeSpace();
    await own.install();
    return own;
  }

  /** A namespace that takes no pod which the restricted Pod Security Standard does not. */
  async #makeSpace(): Promise<void> {
    const { name } = this.space;
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
    await run('kubectl', ['create', '-f', '-'], { input: JSON.stringify(namespace) });
  }

  /** A release that is there already, for a look at one phase alone. */
  static async attach(namespace: string, sets: readonly string[]): Promise<Installation> {
    return new Installation(namespace, await ensureHelm(), sets);
  }

  get sets(): readonly string[] {
    return this.#sets;
  }

  get deployments(): string[] {
    return SERVICES.map((service) => `deployment/${RELEASE}-${service}`);
  }

  get nats(): string {
    return `statefulset/${RELEASE}-nats`;
  }

  runHelm(args: readonly string[], timeoutMs = 300_000): Promise<string> {
    return run(this.helm, [args[0]!, '-n', this.space.name, ...args.slice(1)], { timeoutMs });
  }

  install(more: readonly string[] = []): Promise<string> {
    return this.runHelm(['install', RELEASE, CHART, ...this.#profile(), ...more]);
  }

  upgrade(more: readonly string[]): Promise<string> {
    return this.runHelm(['upgrade', RELEASE, CHART, ...this.#profile(), ...more]);
  }

  /** An upgrade whose value later ones keep. */
  async upgradeForGood(set: string): Promise<void> {
    await this.upgrade(['--set', set]);
    this.#sets.push(set);
  }

  #profile(): string[] {
    return [...PROFILE, ...this.#sets.flatMap((set) => ['--set', set])];
  }

  /** Resolves once the platform answers through the node, with everything that a caller needs. */
  async reached(): Promise<void> {
    const node = await this.#nodeAddress();
    type Service = { spec: { ports: { name: string; nodePort: number }[] } };
    const { spec } = await this.space.get<Service>('service', `${RELEASE}-gateway`);
    const port = (name: string): number => spec.ports.find((one) => one.name === name)?.nodePort ?? 0;
    this.gateway = `http://${node}:${port('http')}`;
    this.grpcAddress = `${node}:${port('grpc')}`;
    const seed = await this.space.secret(`${RELEASE}-seed`);
    const { tenants } = JSON.parse(seed['seed.json'] ?? '{}') as {
      tenants: { tenant: string; users: (Admin & { role: string })[] }[];
    };
    const admin = tenants[0]?.users.find(({ role }) => role === 'admin');
    if (!tenants[0] || !admin) throw new Error('the seed of the release has no administrator');
    this.tenant = tenants[0].tenant;
    this.admin = { email: admin.email, password: admin.password };
    // Nobody may listen yet.
    await until(READY_WITHIN_MS, () =>
      fetch(`${this.gateway}/readyz`, { signal: AbortSignal.timeout(5_000) })
        .then(async (response) => (response.ok ? '' : `not ready: ${(await response.text()).slice(0, 500)}`))
        .catch((error: Error) => `no answer: ${error.message}`),
    );
  }

  async scaleServices(replicas: number): Promise<void> {
    await this.space.kubectl(['scale', ...this.deployments, `--replicas=${replicas}`]);
    if (replicas > 0) return this.space.settled(this.deployments);
    await until(GONE_WITHIN_MS, async () => names(await this.#servicePods()));
  }

  /** Resolves once all pods of the services are ready, and those that they replace have gone. */
  async replaced(): Promise<void> {
    await this.space.settled(this.deployments);
    await until(GONE_WITHIN_MS, async () =>
      names((await this.#servicePods()).filter(({ metadata }) => metadata.deletionTimestamp)),
    );
  }

  #servicePods(): Promise<readonly Pod[]> {
    return this.space.pods(`app.kubernetes.io/component in (${SERVICES.join(',')})`);
  }

  /**
   * Uninstalls the release; resolves with the volumes and secrets that it has left, once its pods and what goes with
   * them are gone.
   */
  async uninstall(keepsData: boolean): Promise<readonly string[]> {
    await this.runHelm(['uninstall', RELEASE, '--wait']);
    const release = `app.kubernetes.io/instance=${RELEASE}`;
    let left: readonly Pod[] = [];
    await until(GONE_WITHIN_MS, async () => {
      const pods = await this.space.pods(release);
      left = (await this.space.get<{ items: Pod[] }>('persistentvolumeclaims,secrets', '-l', release)).items;
      return names(keepsData ? pods : [...pods, ...left]);
    });
    return left.map(({ metadata }) => metadata.name);
  }

  /** Removes the release and its namespace, with all that is in it. */
  async remove(): Promise<void> {
    await this.space.kubectl(['delete', 'namespace', this.space.name, '--wait=false']);
  }

  async #nodeAddress(): Promise<string> {
    type Nodes = { items: { status: { addresses: { type: string; address: string }[] } }[] };
    const { items } = await this.space.get<Nodes>('nodes');
    const address = items[0]?.status.addresses.find(({ type }) => type === 'InternalIP')?.address;
    if (!address) throw new Error('the cluster has no node with an address');
    return address;
  }
}

const names = (left: readonly Pod[]): string =>
  left.length > 0 ? `still there: ${left.map(({ metadata }) => metadata.name).join(', ')}` : '';

/** Asks `missing` again and again until it says nothing; fails after `ms` with what it said last. */
const until = async (ms: number, missing: () => Promise<string>): Promise<void> => {
  for (const end = Date.now() + ms; ; await pause(500)) {
    const what = await missing();
    if (!what) return;
    if (Date.now() > end) throw new Error(`after ${ms / 1_000} s ${what}`);
  }
};
