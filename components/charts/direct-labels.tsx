'use client';

import { useChartWidth, usePlotArea, useYAxisScale } from 'recharts';
import { CHARACTER_PX } from './plot';
import type { SeriesStyle } from './series-style';

const LINE_PX = 15;

export interface LabelledSeries {
  readonly id: string;
  readonly label: string;
  readonly style: SeriesStyle;
  /** Height at which the line or area ends, in the axis's unit. */
  readonly end: number;
}

/** Puts the names of lines at their ends, and moves them apart where lines meet. */
export function EndLabels({ series }: { readonly series: readonly LabelledSeries[] }) {
  const area = usePlotArea();
  const scale = useYAxisScale();
  if (!area || !scale) return null;
  const wanted = series.map(({ end }) => scale(end) ?? area.y + area.height);
  const placed = spread(wanted, LINE_PX, area.y, area.y + area.height);
  return series.map(({ id, label, style }, i) => (
    <text
      key={id}
      x={area.x + area.width + 8}
      y={placed[i]}
      dy="0.32em"
      fontSize={12}
      fontWeight={500}
      fill="var(--ink)"
    >
      <tspan fill={style.color} fontWeight={700}>
        {mark(style)}{' '}
      </tspan>
      {label}
    </text>
  ));
}

function mark({ dash, isFilled }: SeriesStyle): string {
  if (isFilled) return '■';
  return dash ? '┄' : '—';
}

export const TOP_LINE_PX = 18;

/**
 * Places names above the plot, one after the other, in as many lines as they need.
 *
 * @param width width of a line in CSS pixels
 */
export function flow(labels: readonly string[], width: number): { x: number; line: number }[] {
  let [x, line] = [0, 0];
  return labels.map((label) => {
    const wanted = label.length * CHARACTER_PX + 18;
    if (x > 0 && x + wanted > width) [x, line] = [0, line + 1];
    const place = { x, line };
    x += wanted + 12;
    return place;
  });
}

/** Puts the names of lines above the plot, if there is no room beside it. */
export function TopLabels({ series, y }: { series: readonly LabelledSeries[]; y: number }) {
  const width = useChartWidth() ?? 0;
  const places = flow(
    series.map(({ label }) => label),
    width,
  );
  return series.map(({ id, label, style }, i) => (
    <text
      key={id}
      x={places[i]!.x}
      y={y + places[i]!.line * TOP_LINE_PX}
      dy="0.32em"
      fontSize={12}
      fill="var(--ink)"
    >
      <tspan fill={style.color} fontWeight={700}>
        {mark(style)}{' '}
      </tspan>
      {label}
    </text>
  ));
}

/**
 * Moves positions apart until neighbours are at least `gap` apart. Their order stays.
 *
 * @param top, bottom bounds, which are kept as long as there is room
 */
export function spread(
  wanted: readonly number[],
  gap: number,
  top: number,
  bottom: number,
): number[] {
  const order = wanted.map((y, i) => ({ y, i })).sort((a, b) => a.y - b.y || b.i - a.i);
  let least = top;
  for (const place of order) {
    place.y = Math.max(place.y, least);
    least = place.y + gap;
  }
  let most = bottom;
  for (const place of order.toReversed()) {
    place.y = Math.min(place.y, most);
    most = place.y - gap;
  }
  const placed = Array<number>(wanted.length);
  for (const { y, i } of order) placed[i] = y;
  return placed;
}
