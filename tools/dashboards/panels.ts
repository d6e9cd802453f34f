/** One query of a panel. */
export interface QuerySpec {
  readonly expr: string;
  /** Legend, or column of a table; `{{label}}` stands for a label's value. */
  readonly legend: string;
  /** Why no traffic of the check makes this show something; not given: it must. */
  readonly mayBeEmpty?: string;
}

/** A panel as data; `build.ts` makes Grafana's JSON of it. */
export interface PanelSpec {
  readonly kind: 'stat' | 'graph' | 'table';
  readonly title: string;
  /** What it counts, and what to do about it. */
  readonly help: string;
  readonly unit: string;
  readonly queries: readonly QuerySpec[];
  /** Columns of the 24 there are. */
  readonly width: number;
  readonly height?: number;
  /** From this value on it is orange, and from that on red; the other way round when the second is the lower one. */
  readonly limits?: readonly [warning: number, critical: number];
  readonly stacked?: boolean;
  readonly max?: number;
  readonly decimals?: number;
  /** Units of a table's columns that differ from the table's. */
  readonly columns?: Readonly<Record<string, string>>;
}

/** A choice at the top of a dashboard: the values that a label has. */
export interface VariableSpec {
  readonly name: string;
  readonly label: string;
  readonly query: string;
}

export interface BoardSpec {
  /** Its id, and the name of its file. */
  readonly uid: string;
  readonly title: string;
  readonly help: string;
  readonly variables: readonly VariableSpec[];
  /** Rows with their panels, in order. */
  readonly rows: readonly { readonly title: string; readonly panels: readonly PanelSpec[] }[];
}

export const stat = (spec: Omit<PanelSpec, 'kind' | 'width'> & { width?: number }): PanelSpec => ({
  kind: 'stat',
  width: 4,
  height: 4,
  ...spec,
});

export const graph = (spec: Omit<PanelSpec, 'kind' | 'width'> & { width?: number }): PanelSpec => ({
  kind: 'graph',
  width: 8,
  height: 8,
  ...spec,
});

export const table = (spec: Omit<PanelSpec, 'kind' | 'width'> & { width?: number }): PanelSpec => ({
  kind: 'table',
  width: 24,
  height: 9,
  ...spec,
});

/** Selects the installation that was chosen at the top. */
const INSTALLATION = 'namespace=~"$namespace",job=~"$job"';

/** A metric of the installation that was chosen, with further conditions on its labels. */
export const of = (metric: string, conditions = ''): string =>
  `${metric}{${[INSTALLATION, conditions].filter(Boolean).join(',')}}`;

/** What a counter gains in a second. */
export const rateOf = (metric: string, conditions = ''): string =>
  `rate(${of(metric, conditions)}[$__rate_interval])`;

/**
 * What is shown where no series is there: 0, for what is counted only once it happens. Of a query by label, that label
 * then reads `none`.
 */
export const orZero = (expr: string, label?: string): string => {
  const zero = label === undefined ? 'vector(0)' : `label_replace(vector(0), "${label}", "none", "", "")`;
  return `${expr} or on () ${zero}`;
};
