/** How a metric is declared. Names end in their unit, as Prometheus has it; counters end in `_total`. */
export interface MetricDeclaration {
  readonly name: `parley_${string}`;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  readonly unit: string;
  /** Histograms: upper bounds, in the metric's unit. */
  readonly buckets?: readonly number[];
}
