/** Shared properties of axes. recharts finds axes by their type, so these cannot be components. */
import { axisUnit, formatTick } from './format';
import { labelRoom, NAMED_AXIS_PX, TICK } from './plot';

export const AXIS_LINE = { stroke: 'var(--line-strong)' } as const;

/** An axis of values: starts at 0 and labels every tick. */
export function valueAxis(unit: string, ticks: readonly number[]) {
  return {
    domain: [0, ticks.at(-1)!],
    ticks: [...ticks],
    interval: 0 as const,
    width: labelRoom(ticks.map((tick) => formatTick(unit, tick))),
    tickFormatter: (value: number) => formatTick(unit, value),
    tick: TICK,
    tickLine: false,
    axisLine: false,
  };
}

/** The name below an axis. */
export function axisName(value: string) {
  return {
    value,
    position: 'insideBottom' as const,
    offset: 0,
    fontSize: 12,
    fill: 'var(--ink-muted)',
  };
}

/** An axis of categories, whose names are cut to the room that they have. */
export function categoryAxis(name: string) {
  return {
    height: NAMED_AXIS_PX,
    dataKey: 'name',
    tick: TICK,
    tickLine: false,
    axisLine: AXIS_LINE,
    interval: 'equidistantPreserveStart' as const,
    minTickGap: 4,
    label: axisName(name),
  };
}

/** The unit of the values, above their axis. */
export function UnitLabel({ unit, y = 10 }: { readonly unit: string; readonly y?: number }) {
  return (
    <text x={0} y={y} fontSize={12} fill="var(--ink-muted)">
      {axisUnit(unit)}
    </text>
  );
}
