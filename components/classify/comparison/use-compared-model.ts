'use client';

import { useState } from 'react';
import type { ChosenModel } from '../use-model';

export interface ComparedModel {
  /** Id of the second model; undefined if there is none. */
  readonly used: string | undefined;
  /** Ids of the models that can be the second. */
  readonly others: readonly string[];
  /** Id of a chosen second model that no longer exists. */
  readonly gone: string | undefined;
  readonly choose: (id: string) => void;
}

const NOTHING = { used: undefined, gone: undefined };

/**
 * The second model of this visit. The choice is dropped if that model disappears or becomes the
 * first.
 */
export function useComparedModel({ used: first, models }: ChosenModel): ComparedModel {
  const [chosen, setChosen] = useState<Pick<ComparedModel, 'used' | 'gone'>>(NOTHING);
  const firstId = first ?? models.find((model) => model.default)?.id;
  const ids = models.map(({ id }) => id);
  const others = ids.filter((id) => id !== firstId);
  const { used } = chosen;
  if (used !== undefined && !others.includes(used)) {
    setChosen({ used: undefined, gone: ids.includes(used) ? undefined : used });
  }
  const choose = (id: string) => setChosen({ used: id === '' ? undefined : id, gone: undefined });
  return { ...chosen, others, choose };
}
