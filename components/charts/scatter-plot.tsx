'use client';

import {
  CartesianGrid,
  ReferenceLine,
  Scatter,
  ScatterChart,
  Tooltip,
  useXAxisScale,
  useYAxisScale,
  XAxis,
  YAxis,
  ZAxis,
  type TooltipContentProps,
} from 'recharts';
import { localNumber } from '@/lib/browser/locale';
import type { Chart } from '@/lib/shared/contract/statistics';
import { AXIS_LINE, axisName } from './axes';
import { thinDots } from './downsample';
import { formatTick, formatValue } from './format';
import { chartName } from './names';
import { labelRoom, NAMED_AXIS_PX, NARROW_PX, TICK, type PlotProps } from './plot';
import { seriesStyle } from './series-style';
import { countedName } from './table';
import { TooltipBox } from './tooltip';

const HEIGHT_PX = { wide: 440, narrow: 320 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];
/** Grid places for dots; more dots would be slow to draw and hide each other. */
const [COLUMNS, ROWS] = [10, 8];
/** Area of the smallest and of the largest dot, in square pixels. */
const DOT_AREA: [number, number] = [24, 240];

interface Dot {
  readonly x: number;
  readonly y: number;
  /** Number of pictures that the dot represents. */
  readonly count: number;
}

/** Height of the drawing in CSS pixels. */
export function scatterHeight({ width }: PlotProps): number {
  return width < NARROW_PX ? HEIGHT_PX.narrow : HEIGHT_PX.wide;
}

/** Two shares of each category against each other; on the diagonal both are equal. */
export function ScatterPlot({ chart, width }: PlotProps) {
  const dots = thinDots(dotsOf(chart), COLUMNS, ROWS);
  const percent = (value: number) => formatTick('share', value);
  const axis = {
    type: 'number' as const,
    domain: [0, 1],
    ticks: TICKS,
    tickFormatter: percent,
    tick: TICK,
    tickLine: false,
  };
  return (
    <ScatterChart
      width={width}
      height={scatterHeight({ chart, width })}
      margin={{ top: 24, right: 16, bottom: 4, left: 0 }}
      aria-label={`${chartName(chart)}, a drawing; arrow keys read its dots`}
    >
      <CartesianGrid stroke="var(--chart-grid)" />
      <text x={0} y={10} fontSize={12} fill="var(--ink-muted)">
        {chart.series[0]?.label ?? ''}
      </text>
      <XAxis
        {...axis}
        height={NAMED_AXIS_PX}
        dataKey="x"
        axisLine={AXIS_LINE}
        label={axisName(chart.x.label)}
      />
      <YAxis {...axis} dataKey="y" width={labelRoom(['100 %'])} axisLine={false} />
      <ZAxis dataKey="count" range={DOT_AREA} />
      <ReferenceLine
        segment={[
          { x: 0, y: 0 },
          { x: 1, y: 1 },
        ]}
        stroke="var(--ink-muted)"
        strokeDasharray="5 3"
      />
      <DiagonalLabel />
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: 'var(--line-strong)' }}
        content={(props) => <Reading {...props} chart={chart} />}
      />
      <Scatter
        data={[...dots]}
        fill={seriesStyle(chart.series[0]?.id ?? '', 0).color}
        fillOpacity={0.85}
        isAnimationActive={false}
      />
    </ScatterChart>
  );
}

/** Explains the diagonal, in the corner that usually has no dots. */
function DiagonalLabel() {
  const [x, y] = [useXAxisScale(), useYAxisScale()];
  if (!x || !y) return null;
  return (
    <text
      x={(x(1) ?? 0) - 8}
      y={(y(0) ?? 0) - 12}
      textAnchor="end"
      fontSize={12}
      fill="var(--ink-muted)"
    >
      dashed: as often right as sure
    </text>
  );
}

function Reading({ active, payload, chart }: TooltipContentProps & { chart: Chart }) {
  const dot = payload?.[0]?.payload as Dot | undefined;
  if (!active || !dot) return null;
  const { id, label } = chart.series[0]!;
  const { color } = seriesStyle(id, 0);
  const lines = [{ id, label, value: formatValue('share', dot.y), color }];
  const title = `${formatValue('share', dot.x)} sure, ${localNumber(dot.count)} ${countedName(chart)}`;
  return <TooltipBox title={title} lines={lines} />;
}

function dotsOf({ series }: Chart): Dot[] {
  return series
    .slice(0, 1)
    .flatMap(({ points, counts }) =>
      points.flatMap(([x, y], i): Dot[] =>
        y === null ? [] : [{ x: Number(x), y, count: counts?.[i] ?? 1 }],
      ),
    );
}
