'use client';

import useSWR from 'swr';
import { fetchVisualizations, type AskedCharts } from '@/lib/browser/live/visualizations';
import type { VisualizationsResponse } from '@/lib/shared/contract/statistics';

const REFRESH_MS = 10_000;

export interface Visualizations {
  /** The last answer. After a change of window it is the old window's until the new one arrives. */
  readonly answer: VisualizationsResponse | undefined;
  readonly hasFailed: boolean;
}

/**
 * The charts, fetched repeatedly while the page is visible. The last answer stays meanwhile. A
 * window that ends in the past is not refreshed.
 */
export function useVisualizations({ window, model, until }: AskedCharts): Visualizations {
  const { data, error } = useSWR<VisualizationsResponse, Error>(
    ['charts', window, model, until],
    () => fetchVisualizations({ window, model, until }),
    {
      refreshInterval: until === undefined ? REFRESH_MS : 0,
      keepPreviousData: true,
      // Answers with the same end and window are equal. Comparing all points would be slow.
      compare: (a, b) => a?.to === b?.to && a?.window === b?.window,
    },
  );
  return { answer: data, hasFailed: error !== undefined };
}

/** The window before the shown one. Nothing is fetched while `shown` is undefined. */
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
