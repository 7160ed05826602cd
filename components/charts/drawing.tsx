'use client';

import { memo } from 'react';
import { ColumnsPlot, MOST_ROWS, RowsPlot } from './bar-plot';
import { GroupedPlot } from './grouped-plot';
import { HeatPlot } from './heat-plot';
import type { PlotProps } from './plot';
import { ProfilePlot } from './profile-plot';
import { ScatterPlot } from './scatter-plot';
import { TimePlot } from './time-plot';

/** Chooses the drawing for each kind of chart. */
export const Drawing = memo(function Drawing(props: PlotProps) {
  const { kind, id, series } = props.chart;
  const points = series[0]?.points.length ?? 0;
  if (kind === 'line') return <TimePlot {...props} />;
  if (kind === 'scatter') return <ScatterPlot {...props} />;
  if (kind === 'heat') return <HeatPlot {...props} />;
  if (series.length > 1) return <GroupedPlot {...props} />;
  if (id === 'confidence' && points <= MOST_ROWS) return <ColumnsPlot {...props} />;
  return points <= MOST_ROWS ? <RowsPlot {...props} /> : <ProfilePlot {...props} />;
});
