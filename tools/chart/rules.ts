import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { helm } from './helm.js';

const templates = join(import.meta.dirname, '..', '..', 'helm', 'parley', 'templates');

/**
 * What one named template of the chart says to a dict, in a chart of nothing else: for what depends on a cluster in the
 * chart itself. The error of a refusal, or what it renders to.
 */
export const sayOf = async (
  file: string,
  name: string,
  values: Readonly<Record<string, unknown>>,
): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-rule-'));
  try {
    mkdirSync(join(folder, 'templates'));
    copyFileSync(join(templates, file), join(folder, 'templates', file));
    writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: rule\nversion: 0.1.0\n');
    writeFileSync(join(folder, 'values.yaml'), JSON.stringify(values));
    const said = `said: {{ include "${name}" (merge (dict "root" $) .Values) | quote }}\n`;
    writeFileSync(join(folder, 'templates', 'said.yaml'), said);
    return await helm('template', 'parley', folder, '--namespace', 'support').catch(
      (error: Error & { readonly stderr?: string }) => error.stderr ?? error.message,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
