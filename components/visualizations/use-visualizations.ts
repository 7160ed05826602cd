'use client';

import useSWR from 'swr';
import { fetchVisualizations, type AskedCharts } from '@/lib/browser/live/visualizations';
import type { VisualizationsResponse } from '@/lib/shared/contract/statistics';

const REFRESH_MS = 10_000;

export interface Visualizations {
  /** The last that came, of another window until that of the chosen one is there. */
  readonly answer: VisualizationsResponse | undefined;
  readonly hasFailed: boolean;
}

/**
 * The charts, asked for again and again while the page is seen; what is there stays meanwhile. A
 * window that is over stays as it is.
 */
export function useVisualizations({ window, model, until }: AskedCharts): Visualizations {
  const { data, error } = useSWR<VisualizationsResponse, Error>(
    ['charts', window, model, until],
    () => fetchVisualizations({ window, model, until }),
    {
      refreshInterval: until === undefined ? REFRESH_MS : 0,
      keepPreviousData: true,
      // Two answers are the same when they are of the same moment; comparing all points is dear.
      compare: (a, b) => a?.to === b?.to && a?.window === b?.window,
    },
  );
  return { answer: data, hasFailed: error !== undefined };
}

/** The window before one that is shown; nothing is asked while it is undefined. */
export function useBefore(
  shown: VisualizationsResponse | undefined,
  model: string | undefined,
): VisualizationsResponse | undefined {
  const asked = shown && { window: shown.window, model, until: shown.from };
  const { data } = useSWR<VisualizationsResponse, Error>(
    asked && ['charts-before', asked.window, asked.model, asked.until],
    () => fetchVisualizations(asked!),
    { compare: (a, b) => a?.to === b?.to && a?.window === b?.window },
  );
  return data;
}
