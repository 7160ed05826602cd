'use client';

import { useEffect, useState } from 'react';
import { usePreferences } from '@/components/ui/use-preferences';
import { readAddress, writeAddress, type Address } from '@/lib/browser/address';
import { setPreferences } from '@/lib/browser/preferences';
import type { ComparedModel } from './comparison/use-compared-model';

/**
 * Takes over what the address says of models and threshold, and writes there what is chosen.
 *
 * @param areKnown whether the server has said which models there are
 */
export function useAddress(compared: ComparedModel, areKnown: boolean): void {
  const { model, threshold } = usePreferences();
  const [given, setGiven] = useState<Address>();
  const { used, choose } = compared;

  useEffect(() => {
    const address = readAddress(location.search);
    if (address.model !== undefined) setPreferences({ model: address.model });
    if (address.threshold !== undefined) setPreferences({ threshold: address.threshold });
    setGiven(address);
  }, []);

  const awaited = given?.compare;
  if (areKnown && awaited !== undefined) {
    setGiven({ ...given, compare: undefined });
    choose(awaited);
  }

  useEffect(() => {
    if (!given || awaited !== undefined) return;
    const search = writeAddress(location.search, {
      model: model === '' ? undefined : model,
      compare: used,
      threshold,
    });
    if (search === location.search) return;
    history.replaceState(history.state, '', location.pathname + search + location.hash);
  }, [given, awaited, model, used, threshold]);
}
