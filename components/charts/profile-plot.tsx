'use client';

import { useMemo } from 'react';
import {
  Area,
  AreaChart,
  CartesianGrid,
  Tooltip,
  XAxis,
  YAxis,
  type TooltipContentProps,
} from 'recharts';
import type { Chart } from '@/lib/shared/contract/statistics';
import { AXIS_LINE, axisName, UnitLabel, valueAxis } from './axes';
import { chooseRows } from './downsample';
import { formatTick, formatValue, shorten, valueTicks } from './format';
import { chartName } from './names';
import { CHARACTER_PX, GRID, NAMED_AXIS_PX, TICK, type PlotProps } from './plot';
import { seriesStyle } from './series-style';
import { TooltipBox } from './tooltip';

const MOST_POINTS = 240;
const NAMED = 5;
const LINE_PX = 18;
const PLOT_PX = 180;
const LISTS_PX = (NAMED + 1) * LINE_PX;
/** From this width on, the lists are beside the plot. */
const WIDE_PX = 800;

interface Entry {
  readonly rank: number;
  readonly name: string;
  readonly value: number;
}

/** Height of the drawing in CSS pixels. */
export function profileHeight({ width }: PlotProps): number {
  const lists = placeLists(width);
  return lists.top + lists.plot;
}

/**
 * For more categories than can be named: all values in ascending order, with names at both ends.
 */
export function ProfilePlot({ chart, width }: PlotProps) {
  const sorted = useMemo(() => sortedOf(chart), [chart]);
  const drawn = useMemo(
    () => chooseRows([sorted.map(({ value }) => value)], MOST_POINTS).map((i) => sorted[i]!),
    [sorted],
  );
  const ticks = valueTicks(chart.unit, sorted.at(-1)?.value ?? 0);
  const { color } = seriesStyle(chart.series[0]?.id ?? '', 0);
  const lists = placeLists(width);
  return (
    <AreaChart
      width={width}
      height={profileHeight({ chart, width })}
      data={drawn}
      margin={{ top: lists.top, right: lists.right, bottom: 4, left: 0 }}
      aria-label={`${chartName(chart)}, a drawing; arrow keys read its classes`}
    >
      <Ends
        title="Least"
        entries={sorted.slice(0, NAMED)}
        {...lists.least}
        width={lists.width}
        unit={chart.unit}
      />
      <Ends
        title="Most"
        entries={sorted.slice(-NAMED).toReversed()}
        {...lists.most}
        width={lists.width}
        unit={chart.unit}
      />
      <UnitLabel unit={chart.unit} y={lists.top - 14} />
      <CartesianGrid {...GRID} />
      <XAxis
        height={NAMED_AXIS_PX}
        dataKey="rank"
        type="number"
        domain={[1, Math.max(2, sorted.length)]}
        tick={TICK}
        tickLine={false}
        axisLine={AXIS_LINE}
        ticks={[1, sorted.length]}
        label={axisName(`${chart.x.label}, from the least to the most`)}
      />
      <YAxis {...valueAxis(chart.unit, ticks)} />
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: 'var(--line-strong)' }}
        content={(props) => <Reading {...props} chart={chart} />}
      />
      <Area
        dataKey="value"
        type="stepAfter"
        stroke={color}
        strokeWidth={1.5}
        fill={color}
        fillOpacity={0.18}
        isAnimationActive={false}
      />
    </AreaChart>
  );
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * Puts the lists one above the other beside the plot if there is room; else side by side above it.
 */
function placeLists(width: number) {
  if (width >= WIDE_PX) {
    const [list, top] = [240, 24];
    const x = width - list;
    const least: Place = { x, y: top - 12 };
    const most: Place = { x, y: least.y + LISTS_PX + 20 };
    return { least, most, width: list, top, right: list + 48, plot: 2 * LISTS_PX + 20 };
  }
  const list = (width - 24) / 2;
  const least: Place = { x: 0, y: 0 };
  const most: Place = { x: list + 24, y: 0 };
  return { least, most, width: list, top: LISTS_PX + 32, right: 12, plot: PLOT_PX };
}

interface EndsProps extends Place {
  readonly title: string;
  readonly entries: readonly Entry[];
  readonly width: number;
  readonly unit: string;
}

/** A small list inside the drawing, so that the exported file contains it as well. */
function Ends({ title, entries, x, y, width, unit }: EndsProps) {
  const characters = Math.floor((width - 64) / CHARACTER_PX);
  return (
    <g transform={`translate(${x} ${y})`} fontSize={12} fill="var(--ink)">
      <text y={12} fill="var(--ink-muted)">
        {title}
      </text>
      {entries.map(({ rank, name, value }, i) => (
        <g key={rank} transform={`translate(0 ${(i + 1) * LINE_PX + 12})`}>
          <text>{shorten(name, characters)}</text>
          <text x={width} textAnchor="end" fontWeight={600}>
            {formatTick(unit, value)}
          </text>
        </g>
      ))}
    </g>
  );
}

function Reading({ active, payload, chart }: TooltipContentProps & { chart: Chart }) {
  const entry = payload?.[0]?.payload as Entry | undefined;
  if (!active || !entry) return null;
  const { id, label } = chart.series[0]!;
  const { color } = seriesStyle(id, 0);
  const line = { id, label, value: formatValue(chart.unit, entry.value), color };
  return <TooltipBox title={entry.name} lines={[line]} />;
}

function sortedOf({ series }: Chart): Entry[] {
  const points = series[0]?.points ?? [];
  return points
    .map(([name, value]) => ({ name: String(name), value: value ?? 0 }))
    .sort((a, b) => a.value - b.value)
    .map((entry, i) => ({ ...entry, rank: i + 1 }));
}
