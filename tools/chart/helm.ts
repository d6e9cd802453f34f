import { execFile } from 'node:child_process';
import { join } from 'node:path';
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
    ...values.flatMap((file) => ['--values', join(chart, file)]),
    ...Object.entries(set).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
  );

export const render = async (rendering: Rendering): Promise<readonly KubeObject[]> =>
  objectsOf(await renderText(rendering));

export const objectsOf = (text: string): readonly KubeObject[] =>
  parseAllDocuments(text)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);

/** Why Helm refuses this, or an empty text when it does not. */
export const refusal = (rendering: Rendering): Promise<string> =>
  renderText(rendering).then(
    () => '',
    (error: Error & { readonly stderr?: string }) => error.stderr ?? error.message,
  );
