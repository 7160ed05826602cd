'use client';

import { useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import { usePreferences } from '@/components/ui/use-preferences';
import { readAddress, writeAddress } from '@/lib/browser/address';
import { followLink } from '@/lib/browser/preferences';
import type { ComparedModel } from './comparison/use-compared-model';

/**
 * Takes over what the address says of models and threshold, and writes there what is chosen.
 *
 * @param areKnown whether the server has said which models there are
 */
export function useAddress({ used, choose }: ComparedModel, areKnown: boolean): void {
  const search = useSearchParams();
  const [given] = useState(() => readAddress(search.toString()));
  const [awaited, setAwaited] = useState(given.compare);
  const { model, threshold } = usePreferences();

  if (areKnown && awaited !== undefined) {
    setAwaited(undefined);
    choose(awaited);
  }

  useEffect(() => {
    const { model, threshold } = given;
    followLink({ ...(model !== undefined && { model }), ...(threshold && { threshold }) });
  }, [given]);

  useEffect(() => {
    if (awaited !== undefined) return;
    const chosen = { model: model === '' ? undefined : model, compare: used, threshold };
    const next = writeAddress(location.search, chosen);
    if (next === location.search) return;
    history.replaceState(history.state, '', location.pathname + next + location.hash);
  }, [awaited, model, used, threshold]);
}
