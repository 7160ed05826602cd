'use client';

import { useEffect, useState } from 'react';
import type { StatisticsResponse } from '@/lib/shared/contract/statistics';

const REFRESH_MS = 5000;

export interface LiveStatistics {
  /** The last statistics received, however old. */
  readonly statistics: StatisticsResponse | undefined;
  readonly hasFailed: boolean;
}

/** The server's statistics, fetched repeatedly while the page is visible. */
export function useStatistics(): LiveStatistics {
  const [live, setLive] = useState<LiveStatistics>({ statistics: undefined, hasFailed: false });
  useEffect(() => {
    const controller = new AbortController();
    const refresh = async () => {
      if (document.visibilityState === 'hidden') return;
      try {
        const { fetchStatistics } = await import('@/lib/browser/live/statistics');
        const statistics = await fetchStatistics(controller.signal);
        setLive({ statistics, hasFailed: false });
      } catch {
        if (!controller.signal.aborted) setLive((before) => ({ ...before, hasFailed: true }));
      }
    };
    const onVisible = () => void refresh();
    void refresh();
    const timer = setInterval(onVisible, REFRESH_MS);
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      controller.abort();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, []);
  return live;
}
