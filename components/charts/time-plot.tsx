'use client';

import { useMemo } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  Tooltip,
  XAxis,
  YAxis,
  type TooltipContentProps,
} from 'recharts';
import type { Chart } from '@/lib/shared/contract/statistics';
import { AXIS_LINE, UnitLabel, valueAxis } from './axes';
import { EndLabels, flow, TOP_LINE_PX, TopLabels, type LabelledSeries } from './direct-labels';
import { chooseRows } from './downsample';
import { formatMoment, formatTimeTick, formatValue, timeTicks, valueTicks } from './format';
import { lineOf } from './limits';
import { chartName } from './names';
import { GRID, labelRoom, MAX_SERIES, NARROW_PX, AXIS_PX, TICK, type PlotProps } from './plot';
import { seriesStyle } from './series-style';
import { TooltipBox } from './tooltip';

/** More points would not be visible on a screen. */
const MOST_POINTS = 240;
const HEIGHT_PX = 236;
const TICK_ROOM_PX = 62;

/** Charts whose series are parts of a whole: their areas are stacked. */
const STACKED = new Set(['status', 'source']);

type Row = { readonly at: number } & Readonly<Record<string, number | null>>;

/** Height of the drawing in CSS pixels. */
export function timeHeight(props: PlotProps): number {
  return HEIGHT_PX + namesHeight(props);
}

/** Of the names of the series above the plot, where there is no room beside it. */
function namesHeight({ chart, width }: PlotProps): number {
  const names = chart.series.slice(0, MAX_SERIES).map(({ label }) => label);
  if (names.length < 2 || width >= NARROW_PX) return 0;
  return ((flow(names, width).at(-1)?.line ?? 0) + 1) * TOP_LINE_PX;
}

/** Lines over time, or stacked areas for parts of a whole. Gaps are not bridged. */
export function TimePlot({ chart, width }: PlotProps) {
  const { rows, fromMs, lastMs } = useMemo(() => rowsOf(chart), [chart]);
  const isStacked = STACKED.has(chart.id);
  const isNarrow = width < NARROW_PX;
  const series = chart.series.slice(0, MAX_SERIES);
  const largest = largestOf(rows, series, isStacked);
  const ticks = valueTicks(chart.unit, largest);
  const limit = lineOf(chart.id, ticks.at(-1)!);
  const labelled = endsOf(series, rows, isStacked);
  const hasLabels = series.length > 1;
  const names = series.map(({ label }) => label);
  const namesPx = namesHeight({ chart, width });
  const margin = {
    top: 24 + namesPx,
    right: hasLabels && !isNarrow ? labelRoom(names.map((name) => `— ${name}`)) + 6 : 12,
    bottom: 4,
    left: 0,
  };
  const time = timeTicks(fromMs, lastMs, Math.max(2, (width - margin.right) / TICK_ROOM_PX));
  return (
    <ComposedChart
      width={width}
      height={timeHeight({ chart, width })}
      data={rows}
      margin={margin}
      aria-label={`${chartName(chart)}, a drawing; arrow keys read its points`}
    >
      <CartesianGrid {...GRID} />
      <XAxis
        dataKey="at"
        height={AXIS_PX}
        type="number"
        scale="time"
        domain={[fromMs, lastMs]}
        ticks={[...time.atMs]}
        tickFormatter={(at: number) => formatTimeTick(at, time.stepMs)}
        tick={TICK}
        tickLine={false}
        axisLine={AXIS_LINE}
        interval="preserveStart"
        minTickGap={12}
      />
      <YAxis {...valueAxis(chart.unit, ticks)} />
      <UnitLabel unit={chart.unit} />
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: 'var(--line-strong)' }}
        content={(props) => <Reading {...props} chart={chart} lastMs={lastMs} />}
      />
      {series.map(({ id, label }, index) => {
        const style = seriesStyle(id, index);
        const shared = { dataKey: id, name: label, isAnimationActive: false, connectNulls: false };
        if (isStacked) {
          const strength = style.dash ? 0.35 : 0.75;
          return (
            <Area
              key={id}
              {...shared}
              stackId="whole"
              stroke="none"
              fill={style.color}
              fillOpacity={strength}
            />
          );
        }
        const line = {
          stroke: style.color,
          strokeWidth: style.width,
          ...(style.dash ? { strokeDasharray: style.dash } : {}),
          dot: lonely(rows, id, style.color),
        };
        return style.isFilled ? (
          <Area key={id} {...shared} {...line} fill={style.color} fillOpacity={0.22} />
        ) : (
          <Line key={id} {...shared} {...line} type="linear" />
        );
      })}
      <Unfinished rows={rows} />
      {limit !== undefined && (
        <ReferenceLine
          y={limit}
          stroke="var(--bad)"
          strokeDasharray="1 3"
          strokeWidth={2}
          label={{ value: 'alert', position: 'insideTopLeft', fontSize: 12, fill: 'var(--bad)' }}
        />
      )}
      {hasLabels &&
        (isNarrow ? <TopLabels series={labelled} y={28} /> : <EndLabels series={labelled} />)}
    </ComposedChart>
  );
}

/** Draws the line to the last bucket faintly, because that bucket is incomplete. */
function Unfinished({ rows }: { readonly rows: readonly Row[] }) {
  const [before, last] = rows.slice(-2);
  if (!before || !last) return null;
  return (
    <ReferenceArea
      x1={before.at}
      x2={last.at}
      fill="var(--surface-raised)"
      fillOpacity={0.5}
      stroke="none"
    />
  );
}

function Reading({
  active,
  payload,
  chart,
  lastMs,
}: TooltipContentProps & { chart: Chart; lastMs: number }) {
  const row = payload?.[0]?.payload as Row | undefined;
  if (!active || !row) return null;
  const lines = chart.series.slice(0, MAX_SERIES).map(({ id, label }, index) => ({
    id,
    label,
    value: formatValue(chart.unit, row[id] ?? null),
    color: seriesStyle(id, index).color,
  }));
  const soFar = row.at === lastMs ? ', so far' : '';
  return <TooltipBox title={formatMoment(row.at) + soFar} lines={lines} />;
}

function rowsOf({ series }: Chart): { rows: Row[]; fromMs: number; lastMs: number } {
  const drawn = series.slice(0, MAX_SERIES);
  const times = drawn[0]?.points.map(([at]) => Date.parse(String(at))) ?? [];
  const lines = drawn.map(({ points }) => points.map(([, value]) => value));
  const rows = chooseRows(lines, MOST_POINTS).map((index): Row => {
    const values = drawn.map(({ id }, line) => [id, lines[line]![index] ?? null] as const);
    return { at: times[index] ?? 0, ...Object.fromEntries(values) };
  });
  return { rows, fromMs: times[0] ?? 0, lastMs: times.at(-1) ?? 0 };
}

function largestOf(rows: readonly Row[], series: Chart['series'], isStacked: boolean): number {
  return rows.reduce((largest, row) => {
    const values = series.map(({ id }) => row[id] ?? 0);
    const here = isStacked ? values.reduce((sum, value) => sum + value, 0) : Math.max(0, ...values);
    return Math.max(largest, here);
  }, 0);
}

/** Height at which each line ends; in a stack, the middle of its area. */
function endsOf(series: Chart['series'], rows: readonly Row[], isStacked: boolean) {
  let below = 0;
  return series.map(({ id, label }, index): LabelledSeries => {
    const last = rows.findLast((row) => row[id] !== null)?.[id] ?? 0;
    const end = isStacked ? below + last / 2 : last;
    below += last;
    const style = seriesStyle(id, index);
    return { id, label, style: isStacked ? { ...style, isFilled: true } : style, end };
  });
}

/** Points between two gaps have no line, so they are drawn as dots. */
function lonely(rows: readonly Row[], id: string, color: string) {
  const isAlone = rows.map(
    (row, i) =>
      row[id] !== null &&
      (rows[i - 1]?.[id] ?? null) === null &&
      (rows[i + 1]?.[id] ?? null) === null,
  );
  if (!isAlone.includes(true)) return false;
  return function Dot({ cx, cy, index }: { cx?: number; cy?: number; index: number }) {
    if (!isAlone[index]) return <g key={index} />;
    return <circle key={index} cx={cx} cy={cy} r={3} fill={color} stroke="none" />;
  };
}
