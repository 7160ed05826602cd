'use client';

import { useState } from 'react';
import type { ChosenModel } from '../use-model';

export interface ComparedModel {
  /** Id of the one that answers as well, undefined for none. */
  readonly used: string | undefined;
  /** Ids of those that may. */
  readonly others: readonly string[];
  /** Id of one that was chosen and is not there any more. */
  readonly gone: string | undefined;
  readonly choose: (id: string) => void;
}

const NOTHING = { used: undefined, gone: undefined };

/** The second model of this visit; unset when it went away, or answers first. */
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
