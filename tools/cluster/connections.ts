import { SERVICES, type Installation } from './install.js';
import type { Namespace, Pod } from './kube.js';

/** Printed by each pod: the TCP sockets of its network namespace, `local remote state` in the kernel's hexadecimal. */
const SOCKETS = `const { readFileSync } = require('node:fs');
for (const name of ['tcp', 'tcp6']) {
  let lines = [];
  try { lines = readFileSync('/proc/net/' + name, 'utf8').trim().split('\\n').slice(1); } catch {}
  for (const line of lines) console.log(line.trim().split(/\\s+/).slice(1, 4).join(' '));
}`;
const ESTABLISHED = '01';
const LISTENING = '0A';

/** A connection that was seen: who opened it to whom. Components of the release, or `elsewhere`. */
export interface Seen {
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

interface Policies {
  readonly items: readonly Policy[];
}
interface Policy {
  readonly spec: {
    readonly podSelector: Selector;
    readonly ingress?: readonly { readonly ports?: readonly Port[]; readonly from?: readonly Peer[] }[];
    readonly egress?: readonly { readonly ports?: readonly Port[]; readonly to?: readonly Peer[] }[];
  };
}
interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
}
interface Port {
  readonly port?: number | string;
}
interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: unknown;
}
type Containers = { spec: { containers: { ports?: { name?: string; containerPort: number }[] }[] } };
type Services = { items: { spec: { clusterIP: string; selector?: Record<string, string> } }[] };

/** Who is who in a namespace, by address. */
class Addresses {
  readonly #components = new Map<string, string>();
  readonly #ports = new Map<string, Map<string, number>>();
  readonly pods: readonly (Pod & Containers)[];

  constructor(pods: readonly (Pod & Containers)[], services: Services) {
    this.pods = pods.filter(({ status }) => status.podIP);
    for (const pod of this.pods) {
      const component = componentOf(pod.metadata.labels);
      this.#components.set(pod.status.podIP!, component);
      const named = pod.spec.containers.flatMap(({ ports = [] }) => ports);
      this.#ports.set(component, new Map(named.map(({ name = '', containerPort }) => [name, containerPort])));
    }
    for (const { spec } of services.items)
      if (spec.selector && spec.clusterIP !== 'None')
        this.#components.set(spec.clusterIP, componentOf(spec.selector));
  }

  static async of(space: Namespace): Promise<Addresses> {
    const [pods, services] = await Promise.all([
      space.get<{ items: (Pod & Containers)[] }>('pods', '-l', 'app.kubernetes.io/component'),
      space.get<Services>('services'),
    ]);
    return new Addresses(pods.items, services);
  }

  component(address: string): string {
    return this.#components.get(address) ?? ELSEWHERE;
  }

  labels(component: string): Readonly<Record<string, string>> | undefined {
    return this.pods.find(({ metadata }) => componentOf(metadata.labels) === component)?.metadata.labels;
  }

  /** The number of a port that a policy names. */
  port(component: string, port: number | string): number | undefined {
    return typeof port === 'number' ? port : this.#ports.get(component)?.get(port);
  }
}

export const ELSEWHERE = 'elsewhere';

const componentOf = (labels: Readonly<Record<string, string>>): string =>
  labels['app.kubernetes.io/component'] ?? ELSEWHERE;

/** The connections of the services' pods at this moment, each once. */
export const observe = async (own: Installation): Promise<readonly Seen[]> => {
  const addresses = await Addresses.of(own.space);
  const services: readonly string[] = SERVICES;
  const looked = await Promise.all(
    addresses.pods.map(async ({ metadata }) => {
      const component = componentOf(metadata.labels);
      if (!services.includes(component)) return [];
      const printed = await own.space.kubectl(['exec', metadata.name, '--', 'node', '-e', SOCKETS]);
      return connectionsOf(component, printed, addresses);
    }),
  );
  const seen = new Map(looked.flat().map((one) => [JSON.stringify(one), one]));
  return [...seen.values()];
};

const connectionsOf = (component: string, printed: string, addresses: Addresses): Seen[] => {
  const sockets = printed
    .trim()
    .split('\n')
    .map((line) => line.split(' ') as [string, string, string]);
  const listening = new Set(sockets.filter((one) => one[2] === LISTENING).map((one) => endOf(one[0]).port));
  return sockets
    .filter((one) => one[2] === ESTABLISHED)
    .map(([local, remote]) => ({ local: endOf(local), remote: endOf(remote) }))
    .filter(({ remote }) => !remote.address.startsWith('127.'))
    .map(({ local, remote }) =>
      listening.has(local.port)
        ? { from: addresses.component(remote.address), to: component, port: local.port }
        : { from: component, to: addresses.component(remote.address), port: remote.port },
    );
};

/** `0100007F:1F90`: four bytes in the order of the machine, for IPv6 with IPv4 inside the last four count. */
const endOf = (text: string): { address: string; port: number } => {
  const [address = '', port = ''] = text.split(':');
  const bytes = address.slice(-8).match(/../g) ?? [];
  return {
    address: bytes
      .reverse()
      .map((byte) => Number.parseInt(byte, 16))
      .join('.'),
    port: Number.parseInt(port, 16),
  };
};

/** Connections that a policy would have refused, and pairs of services that policies let talk who never did. */
export const compare = async (
  own: Installation,
  seen: readonly Seen[],
): Promise<{ pairs: number; refused: readonly string[]; unused: readonly string[] }> => {
  const addresses = await Addresses.of(own.space);
  const policies = (await own.space.get<Policies>('networkpolicies')).items;
  const pairs = new Map(seen.map((one) => [shown(one), one]));
  const refused = [...pairs.values()].filter((one) => !isAllowed(one, policies, addresses)).map(shown);
  const allowed = SERVICES.flatMap((from) =>
    SERVICES.filter((to) => to !== from).flatMap((to) => {
      const port = addresses.port(to, 'service-grpc');
      return port === undefined ? [] : [{ from, to, port }];
    }),
  ).filter((one) => isAllowed(one, policies, addresses));
  return { pairs: pairs.size, refused, unused: allowed.map(shown).filter((pair) => !pairs.has(pair)) };
};

const shown = ({ from, to, port }: Seen): string => `${from} → ${to}:${port}`;

const isAllowed = (one: Seen, policies: readonly Policy[], addresses: Addresses): boolean => {
  const { from, to, port } = one;
  const fits = (ports: readonly Port[] | undefined): boolean =>
    !ports || ports.some((each) => each.port !== undefined && addresses.port(to, each.port) === port);
  const meets = (peers: readonly Peer[] | undefined, other: string): boolean =>
    !peers ||
    peers.some(({ podSelector, namespaceSelector, ipBlock }) => {
      const labels = addresses.labels(other);
      if (ipBlock) return labels === undefined;
      if (namespaceSelector && !podSelector) return true;
      return labels !== undefined && podSelector !== undefined && selects(podSelector, labels);
    });
  const of = (component: string): readonly Policy[] => {
    const labels = addresses.labels(component);
    return labels ? policies.filter(({ spec }) => selects(spec.podSelector, labels)) : [];
  };
  const outwards = of(from);
  const inwards = of(to);
  const mayLeave =
    outwards.length === 0 ||
    outwards.some(({ spec }) => spec.egress?.some((rule) => fits(rule.ports) && meets(rule.to, to)));
  const mayEnter =
    inwards.length === 0 ||
    inwards.some(({ spec }) => spec.ingress?.some((rule) => fits(rule.ports) && meets(rule.from, from)));
  return mayLeave && mayEnter;
};

const selects = ({ matchLabels = {} }: Selector, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(matchLabels).every(([name, value]) => labels[name] === value);
