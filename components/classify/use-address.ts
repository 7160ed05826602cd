'use client';

import { useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import { usePreferences } from '@/components/ui/use-preferences';
import { readAddress, writeAddress } from '@/lib/browser/address';
import { followLink } from '@/lib/browser/preferences';
import type { ComparedModel } from './comparison/use-compared-model';

/**
 * Applies the models and the threshold in the address, and writes the visitor's choices there.
 *
 * @param areKnown whether the server has listed its models
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
