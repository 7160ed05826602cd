'use client';

import useSWR from 'swr';
import { fetchVisualizations, type WindowName } from '@/lib/browser/live/visualizations';
import type { VisualizationsResponse } from '@/lib/shared/contract/statistics';

const REFRESH_MS = 10_000;

export interface Visualizations {
  /** The last that came, of another window until that of the chosen one is there. */
  readonly answer: VisualizationsResponse | undefined;
  readonly hasFailed: boolean;
}

/** The charts, asked for again and again while the page is seen; what is there stays meanwhile. */
export function useVisualizations(window: WindowName, model: string | undefined): Visualizations {
  const { data, error } = useSWR<VisualizationsResponse, Error>(
    [window, model],
    ([name, of]: [WindowName, string | undefined]) => fetchVisualizations(name, of),
    {
      refreshInterval: REFRESH_MS,
      keepPreviousData: true,
      // Two answers are the same when they are of the same moment; comparing all points is dear.
      compare: (a, b) => a?.to === b?.to && a?.window === b?.window,
    },
  );
  return { answer: data, hasFailed: error !== undefined };
}
