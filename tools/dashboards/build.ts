import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import type { BoardSpec, PanelSpec, QuerySpec, VariableSpec } from './panels.js';

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
/** Every dashboard has it; the links between them go by it. */
const TAG = 'parley';

const installation: readonly VariableSpec[] = [
  { name: 'namespace', label: 'Namespace', query: 'label_values(parley_bus_connected, namespace)' },
  {
    name: 'job',
    label: 'Installation',
    query: 'label_values(parley_bus_connected{namespace=~"$namespace"}, job)',
  },
];

/** Grafana's JSON of a dashboard. */
export const buildBoard = (spec: BoardSpec): dashboard.Dashboard => {
  const builder = new dashboard.DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.help)
    .tags([TAG])
    .timezone('browser')
    .refresh('30s')
    .time({ from: 'now-3h', to: 'now' })
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .link(
      new dashboard.DashboardLinkBuilder('Parley')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags([TAG])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    )
    .withVariable(
      new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
    );
  for (const variable of [...installation, ...spec.variables]) builder.withVariable(variableOf(variable));
  let id = 1;
  for (const { title, panels } of spec.rows) {
    builder.withRow(new dashboard.RowBuilder(title).id(id++));
    for (const panel of panels) builder.withPanel(panelOf(panel).id(id++));
  }
  return builder.build();
};

const variableOf = ({ name, label, query }: VariableSpec): dashboard.QueryVariableBuilder =>
  new dashboard.QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query({ query, refId: name })
    .definition(query)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalAsc)
    .includeAll(true)
    .allValue('.*')
    .multi(true)
    .current({ text: 'All', value: '$__all' });

type AnyPanel = stat.PanelBuilder | table.PanelBuilder | timeseries.PanelBuilder;

const panelOf = (spec: PanelSpec): AnyPanel => {
  const builder = spec.kind === 'stat' ? statOf() : spec.kind === 'table' ? tableOf(spec) : graphOf(spec);
  builder
    .title(spec.title)
    .description(spec.help)
    .datasource(DATASOURCE)
    .unit(spec.unit)
    .height(spec.height ?? 8)
    .span(spec.width)
    .noValue(spec.kind === 'graph' ? '' : '–');
  spec.queries.forEach((query, index) => builder.withTarget(queryOf(query, index, spec.kind)));
  if (spec.kind !== 'table') builder.min(0);
  if (spec.max !== undefined) builder.max(spec.max);
  if (spec.decimals !== undefined) builder.decimals(spec.decimals);
  const thresholds = thresholdsOf(spec);
  if (thresholds) builder.thresholds(thresholds);
  return builder;
};

const statOf = (): stat.PanelBuilder =>
  new stat.PanelBuilder()
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(common.BigValueGraphMode.Area);

const graphOf = ({ stacked, limits }: PanelSpec): timeseries.PanelBuilder => {
  const builder = new timeseries.PanelBuilder()
    .lineWidth(1)
    .fillOpacity(stacked ? 30 : 8)
    .showPoints(common.VisibilityMode.Never)
    .spanNulls(false)
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending),
    );
  if (stacked) builder.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal));
  if (limits)
    builder.thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed),
    );
  return builder;
};

/** Its queries side by side: one row for each set of labels. */
const tableOf = ({ queries, columns = {} }: PanelSpec): table.PanelBuilder => {
  const hidden = ['Time', ...queries.map((_, index) => `Time ${index + 1}`)];
  const builder = new table.PanelBuilder()
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: Object.fromEntries(hidden.map((name) => [name, true])),
        renameByName: Object.fromEntries(
          queries.map(({ legend }, index) => [`Value #${refId(index)}`, legend]),
        ),
      },
    });
  for (const [name, unit] of Object.entries(columns))
    builder.overrideByName(name, [{ id: 'unit', value: unit }]);
  return builder;
};

const queryOf = ({ expr, legend }: QuerySpec, index: number, kind: PanelSpec['kind']) => {
  const query = new prometheus.DataqueryBuilder().refId(refId(index)).expr(expr).legendFormat(legend);
  return kind === 'table' ? query.instant().format(prometheus.PromQueryFormat.Table) : query.range();
};

const refId = (index: number): string => String.fromCharCode('A'.charCodeAt(0) + index);

const thresholdsOf = ({ limits, kind }: PanelSpec): dashboard.ThresholdsConfigBuilder | undefined => {
  if (!limits) {
    if (kind !== 'stat') return undefined;
    return new dashboard.ThresholdsConfigBuilder()
      .mode(dashboard.ThresholdsMode.Absolute)
      .steps([{ value: null, color: 'text' }]);
  }
  const [warning, critical] = limits;
  const steps =
    critical >= warning
      ? [
          { value: null, color: 'green' },
          { value: warning, color: 'orange' },
          { value: critical, color: 'red' },
        ]
      : [
          { value: null, color: 'red' },
          { value: critical, color: 'orange' },
          { value: warning, color: 'green' },
        ];
  // Equal limits: nothing is tolerated.
  const distinct = critical === warning ? [steps[0]!, steps[2]!] : steps;
  return new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps(distinct);
};
