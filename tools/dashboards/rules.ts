import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const RULES_FOLDER = 'helm/parley/rules';

/** A rule that alerts, or one that records under a name of its own. */
export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Alert extends Rule {
  readonly alert: string;
}

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

/** Every rule of the chart. */
export const readRules = (): readonly Rule[] =>
  readdirSync(RULES_FOLDER).flatMap((file) => {
    const { groups } = parse(readFileSync(join(RULES_FOLDER, file), 'utf8')) as RuleFile;
    return groups.flatMap(({ rules }) => rules);
  });

/** Those that alert. */
export const readAlerts = (): readonly Alert[] =>
  readRules().filter((rule): rule is Alert => rule.alert !== undefined);
