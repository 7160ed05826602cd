'use client';

import { memo, type ComponentType } from 'react';
import type { Chart } from '@/lib/shared/contract/statistics';
import { COLUMNS_HEIGHT_PX, ColumnsPlot, MOST_ROWS, rowsHeight, RowsPlot } from './bar-plot';
import { GROUPED_HEIGHT_PX, GroupedPlot } from './grouped-plot';
import { heatHeight, HeatPlot } from './heat-plot';
import type { PlotProps } from './plot';
import { profileHeight, ProfilePlot } from './profile-plot';
import { scatterHeight, ScatterPlot } from './scatter-plot';
import { timeHeight, TimePlot } from './time-plot';

interface Kind {
  readonly Plot: ComponentType<PlotProps>;
  /** CSS pixels, known before anything is drawn. */
  readonly height: (props: PlotProps) => number;
}

/** Chooses the drawing for each kind of chart. */
export const Drawing = memo(function Drawing(props: PlotProps) {
  const { Plot } = kindOf(props.chart);
  return <Plot {...props} />;
});

/** The height that `Drawing` takes, in CSS pixels. */
export function drawingHeight(props: PlotProps): number {
  return kindOf(props.chart).height(props);
}

function kindOf({ kind, id, series }: Chart): Kind {
  const points = series[0]?.points.length ?? 0;
  if (kind === 'line') return { Plot: TimePlot, height: timeHeight };
  if (kind === 'scatter') return { Plot: ScatterPlot, height: scatterHeight };
  if (kind === 'heat') return { Plot: HeatPlot, height: heatHeight };
  if (series.length > 1) return { Plot: GroupedPlot, height: () => GROUPED_HEIGHT_PX };
  if (id === 'confidence' && points <= MOST_ROWS) {
    return { Plot: ColumnsPlot, height: () => COLUMNS_HEIGHT_PX };
  }
  return points <= MOST_ROWS
    ? { Plot: RowsPlot, height: rowsHeight }
    : { Plot: ProfilePlot, height: profileHeight };
}
