import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { ensureHelm } from '../../scripts/helm.mjs';

const run = promisify(execFile);

const chart = join(import.meta.dirname, '..', '..', 'helm', 'parley');

/** An object of Kubernetes, as far as the tests look into it. */
export interface KubeObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  /** Of most kinds, of a ConfigMap, and of a Secret. */
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
}

/** What distinguishes one rendering: files of values, relative to the chart, and single values as of `--set`. */
export interface Rendering {
  readonly values?: readonly string[];
  readonly set?: Readonly<Record<string, string>>;
}

/** Runs Helm; resolves with its standard output, rejects with an error whose `stderr` says what is wrong. */
export const helm = async (...args: readonly string[]): Promise<string> =>
  (await run(await ensureHelm(), args, { maxBuffer: 64 << 20 })).stdout;

/** The text that `helm install parley` would send. Rejects as `helm` does. */
export const renderText = ({ values = [], set = {} }: Rendering): Promise<string> =>
  helm(
    ...['template', 'parley', chart, '--namespace', 'support', '--kube-version', '1.34'],
    ...values.flatMap((file) => ['--values', resolve(chart, file)]),
    ...Object.entries(set).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
  );

export const render = async (rendering: Rendering): Promise<readonly KubeObject[]> =>
  objectsOf(await renderText(rendering));

export const objectsOf = (text: string): readonly KubeObject[] =>
  parseAllDocuments(text)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);

interface Container {
  readonly env: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
  }[];
}

/** The first container of the pods of a component. */
export const containerOf = (objects: readonly KubeObject[], component: string): Container => {
  const workload = objects.find(
    ({ kind, metadata }) =>
      /^(Deployment|StatefulSet)$/.test(kind) &&
      metadata.labels?.['app.kubernetes.io/component'] === component,
  );
  return (workload!.spec as { template: { spec: { containers: [Container] } } }).template.spec.containers[0];
};

/** Environment of a container as the kubelet makes it of secrets, by name. */
export const environmentOf = (
  { env }: Container,
  secrets: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Record<string, string> => {
  const made: Record<string, string> = {};
  for (const { name, value = '', valueFrom } of env) {
    const { secretKeyRef: from } = valueFrom ?? {};
    made[name] = from
      ? secrets[from.name]![from.key]!
      : value.replaceAll(/\$\((\w+)\)/g, (reference, other: string) => made[other] ?? reference);
  }
  return made;
};

/** Why Helm refuses this, or an empty text when it does not. */
export const refusal = (rendering: Rendering): Promise<string> =>
  renderText(rendering).then(
    () => '',
    (error: Error & { readonly stderr?: string }) => error.stderr ?? error.message,
  );
