'use client';

import {
  Bar,
  BarChart,
  CartesianGrid,
  Tooltip,
  XAxis,
  YAxis,
  type TooltipContentProps,
} from 'recharts';
import type { Chart } from '@/lib/shared/contract/statistics';
import { categoryAxis, valueAxis } from './axes';
import { TOP_LINE_PX, TopLabels } from './direct-labels';
import { formatValue } from './format';
import { chartName } from './names';
import { GRID, type PlotProps } from './plot';
import { seriesStyle } from './series-style';
import { TooltipBox } from './tooltip';

export const GROUPED_HEIGHT_PX = 256;
const NAMES_PX = 12;
/** More groups would be too narrow to compare; the table has all of them. */
const MOST_GROUPS = 24;

interface Row {
  readonly name: string;
  readonly values: readonly number[];
}

/** Shares of the same categories at two or more times, side by side. */
export function GroupedPlot({ chart, width }: PlotProps) {
  const all = rowsOf(chart);
  const rows = all.slice(0, MOST_GROUPS);
  const axis =
    rows.length < all.length ? `${chart.x.label}, the first ${rows.length}` : chart.x.label;
  const named = chart.series.map(({ id, label }, i) => ({
    id,
    label,
    style: { ...seriesStyle(id, i), isFilled: true as const },
    end: 0,
  }));
  return (
    <BarChart
      width={width}
      height={GROUPED_HEIGHT_PX}
      data={rows}
      margin={{ top: NAMES_PX + TOP_LINE_PX, right: 12, bottom: 4, left: 0 }}
      barCategoryGap="20%"
      barGap={1}
      aria-label={`${chartName(chart)}, a drawing; arrow keys read its bars`}
    >
      <CartesianGrid {...GRID} />
      <TopLabels series={named} y={NAMES_PX} />
      <XAxis {...categoryAxis(axis)} />
      <YAxis {...valueAxis(chart.unit, shareTicks(rows.flatMap(({ values }) => values)))} />
      <Tooltip
        isAnimationActive={false}
        cursor={{ fill: 'var(--surface-sunken)' }}
        content={(props) => <Reading {...props} chart={chart} />}
      />
      {named.map(({ id, style }, i) => (
        <Bar
          key={id}
          dataKey={({ values }: Row) => values[i]}
          fill={style.color}
          isAnimationActive={false}
          radius={[2, 2, 0, 0]}
        />
      ))}
    </BarChart>
  );
}

function Reading({ active, payload, chart }: TooltipContentProps & { chart: Chart }) {
  const row = payload?.[0]?.payload as Row | undefined;
  if (!active || !row) return null;
  const lines = chart.series.map(({ id, label }, i) => ({
    id,
    label,
    value: formatValue(chart.unit, row.values[i] ?? 0),
    color: seriesStyle(id, i).color,
  }));
  return <TooltipBox title={row.name} lines={lines} />;
}

function rowsOf({ series }: Chart): Row[] {
  const points = series[0]?.points ?? [];
  return points.map(([name], i) => ({
    name: String(name),
    values: series.map((one) => one.points[i]?.[1] ?? 0),
  }));
}

/** Ticks up to the next tenth or quarter, because shares of ten categories are seldom near 1. */
function shareTicks(values: readonly number[]): number[] {
  const largest = Math.max(0, ...values);
  const step = largest > 0.5 ? 0.25 : 0.1;
  return Array.from({ length: Math.ceil(largest / step) + 1 }, (_, i) => i * step);
}
