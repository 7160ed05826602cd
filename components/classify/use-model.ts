'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { usePreferences } from '@/components/ui/use-preferences';
import { fetchModels } from '@/lib/browser/client/models';
import { ServerError } from '@/lib/browser/client/predict';
import { getPreferences } from '@/lib/browser/preferences';
import type { ModelSummary } from '@/lib/shared/contract/models';
import { getDevice } from './use-device';

export interface ChosenModel {
  /** Id of the model in use; undefined for the server's default. */
  readonly used: string | undefined;
  /** All models, once the server has answered. */
  readonly models: readonly ModelSummary[];
  /** Id of a chosen model that no longer exists. */
  readonly gone: string | undefined;
}

const NONE: readonly ModelSummary[] = [];

let models = NONE;
const listeners = new Set<() => void>();

/** The last request for the models, if there was one. */
let asked: Promise<readonly ModelSummary[]> | undefined;

/**
 * Asks the server again which models it has; what was known stays where it does not answer.
 *
 * @throws as `fetchModels`
 */
export function refreshModels(): Promise<readonly ModelSummary[]> {
  asked = fetchModels().then((found) => {
    models = found;
    listeners.forEach((listener) => listener());
    return found;
  });
  asked.catch(() => undefined);
  return asked;
}

/**
 * The last known models; requests them if nobody has.
 *
 * @throws as `fetchModels`
 */
export function knownModels(): Promise<readonly ModelSummary[]> {
  return models.length > 0 ? Promise.resolve(models) : (asked ?? refreshModels());
}

/**
 * Whether the server answered that it has no such model: it went away since the page asked which
 * there are, and the page asks again.
 */
export function noticeGone(error: unknown): boolean {
  const isGone = error instanceof ServerError && error.problem?.type === 'not-found';
  if (isGone) void refreshModels();
  return isGone;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Id of the model that the visitor chose, undefined for the server's default. */
export function chosenModel(): string | undefined {
  return usedOf(getPreferences().model, models);
}

/** A choice is kept until the server is known not to have the model. */
function usedOf(chosen: string, known: readonly ModelSummary[]): string | undefined {
  const isGone = known.length > 0 && !known.some(({ id }) => id === chosen);
  return chosen === '' || isGone ? undefined : chosen;
}

/** Every model there is, as far as the server said so on this visit. */
export function useModels(): readonly ModelSummary[] {
  return useSyncExternalStore(
    subscribe,
    () => models,
    () => NONE,
  );
}

/**
 * The model that the visitor chose, on the device as on the server. To be called before what asks
 * the device.
 */
export function useModel(): ChosenModel {
  const { model: chosen } = usePreferences();
  const known = useModels();
  const used = usedOf(chosen, known);

  useEffect(() => void refreshModels(), []);
  useEffect(() => getDevice().useModel(used), [used]);

  return { used, models: known, gone: chosen !== '' && used === undefined ? chosen : undefined };
}
