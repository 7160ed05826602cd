'use client';

import {
  Bar,
  BarChart,
  CartesianGrid,
  Cell,
  LabelList,
  Tooltip,
  XAxis,
  YAxis,
  type TooltipContentProps,
} from 'recharts';
import type { Chart } from '@/lib/shared/contract/statistics';
import { categoryAxis, UnitLabel, valueAxis } from './axes';
import { formatValue, shorten, valueTicks } from './format';
import { chartName } from './names';
import { GRID, labelRoom, NARROW_PX, TICK, type PlotProps } from './plot';
import { seriesStyle } from './series-style';
import { TooltipBox } from './tooltip';

const ROW_PX = 26;
const BAR_PX = 14;
export const COLUMNS_HEIGHT_PX = 256;
export const MOST_ROWS = 15;

interface Entry {
  readonly name: string;
  readonly value: number;
  readonly color: string;
}

/** Height of the drawing in CSS pixels. */
export function rowsHeight({ chart }: PlotProps): number {
  return Math.min(MOST_ROWS, chart.series[0]?.points.length ?? 0) * ROW_PX + 28;
}

/** One bar per line, with its name before it and its value after it. */
export function RowsPlot({ chart, width }: PlotProps) {
  const entries = entriesOf(chart).slice(0, MOST_ROWS);
  const longest = width < NARROW_PX ? 16 : 24;
  const largest = Math.max(1, ...entries.map(({ value }) => value));
  const valueRoom = labelRoom(entries.map(({ value }) => formatValue(chart.unit, value)));
  return (
    <BarChart
      layout="vertical"
      width={width}
      height={rowsHeight({ chart, width })}
      data={entries}
      margin={{ top: 24, right: valueRoom, bottom: 4, left: 0 }}
      aria-label={`${chartName(chart)}, a drawing; arrow keys read its bars`}
    >
      <UnitLabel unit={chart.unit} />
      <XAxis type="number" domain={[0, largest]} hide />
      <YAxis
        type="category"
        dataKey="name"
        width={labelRoom(entries.map(({ name }) => shorten(name, longest)))}
        tickFormatter={(name: string) => shorten(name, longest)}
        tick={{ ...TICK, fill: 'var(--ink)' }}
        tickLine={false}
        axisLine={false}
        interval={0}
      />
      <Tooltip
        isAnimationActive={false}
        cursor={{ fill: 'var(--surface-sunken)' }}
        content={(props) => <Reading {...props} chart={chart} />}
      />
      <Bar dataKey="value" barSize={BAR_PX} isAnimationActive={false} radius={2}>
        {entries.map(({ name, color }) => (
          <Cell key={name} fill={color} />
        ))}
        <LabelList
          dataKey="value"
          position="right"
          formatter={(value) => formatValue(chart.unit, Number(value))}
          fontSize={12}
          fontWeight={600}
          fill="var(--ink)"
        />
      </Bar>
    </BarChart>
  );
}

/** Vertical bars side by side, for categories with a natural order. */
export function ColumnsPlot({ chart, width }: PlotProps) {
  const entries = entriesOf(chart);
  const ticks = valueTicks(chart.unit, Math.max(0, ...entries.map(({ value }) => value)));
  return (
    <BarChart
      width={width}
      height={COLUMNS_HEIGHT_PX}
      data={entries}
      margin={{ top: 24, right: 12, bottom: 4, left: 0 }}
      barCategoryGap={3}
      aria-label={`${chartName(chart)}, a drawing; arrow keys read its bars`}
    >
      <CartesianGrid {...GRID} />
      <UnitLabel unit={chart.unit} />
      <XAxis {...categoryAxis(chart.x.label)} />
      <YAxis {...valueAxis(chart.unit, ticks)} />
      <Tooltip
        isAnimationActive={false}
        cursor={{ fill: 'var(--surface-sunken)' }}
        content={(props) => <Reading {...props} chart={chart} />}
      />
      <Bar dataKey="value" isAnimationActive={false} radius={[2, 2, 0, 0]}>
        {entries.map(({ name, color }) => (
          <Cell key={name} fill={color} />
        ))}
      </Bar>
    </BarChart>
  );
}

function Reading({ active, payload, chart }: TooltipContentProps & { chart: Chart }) {
  const entry = payload?.[0]?.payload as Entry | undefined;
  if (!active || !entry) return null;
  const { label } = chart.series[0]!;
  const line = {
    id: label,
    label,
    value: formatValue(chart.unit, entry.value),
    color: entry.color,
  };
  return <TooltipBox title={entry.name} lines={[line]} />;
}

/** The bars; the one that the title names is emphasised. */
function entriesOf(chart: Chart): Entry[] {
  const [series] = chart.series;
  if (!series) return [];
  const { color } = seriesStyle(series.id, 0);
  return series.points.map(([name, value], i) => ({
    name: chart.id === 'feedback' ? capitalized(String(name)) : String(name),
    value: value ?? 0,
    color: colorOf(chart.id, String(name), i, series.points.length) ?? color,
  }));
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function colorOf(id: string, name: string, i: number, length: number): string | undefined {
  if (id === 'feedback') {
    return name === 'wrong' ? 'var(--chart-failed)' : 'var(--chart-requests)';
  }
  if (id === 'wrong-labels') return i === 0 ? 'var(--chart-failed)' : 'var(--chart-failed-soft)';
  if (id === 'labels' && i > 0) return 'var(--chart-pictures-soft)';
  if (id === 'confidence' && i < length / 2) return 'var(--chart-pictures-soft)';
  return undefined;
}
