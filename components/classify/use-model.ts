'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { usePreferences } from '@/components/ui/use-preferences';
import { fetchModels } from '@/lib/browser/client/models';
import { ServerError } from '@/lib/browser/client/predict';
import { getPreferences } from '@/lib/browser/preferences';
import type { ModelSummary } from '@/lib/shared/contract/models';
import { getDevice } from './use-device';

export interface ChosenModel {
  /** Id of the model in use; undefined means the server's default model. */
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
 * Asks the server for its models again. If it does not answer, the known models stay.
 *
 * @throws as `fetchModels` does
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
 * The last known models. Requests them if that has not happened yet.
 *
 * @throws as `fetchModels` does
 */
export function knownModels(): Promise<readonly ModelSummary[]> {
  return models.length > 0 ? Promise.resolve(models) : (asked ?? refreshModels());
}

/**
 * Whether the server answered that it does not have the model. The model was then removed after the
 * page asked for the list, so the page asks again.
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

/** Id of the model that the visitor chose; undefined means the server's default model. */
export function chosenModel(): string | undefined {
  return usedOf(getPreferences().model, models);
}

/** Keeps the choice unless the server is known not to have the model. */
function usedOf(chosen: string, known: readonly ModelSummary[]): string | undefined {
  const isGone = known.length > 0 && !known.some(({ id }) => id === chosen);
  return chosen === '' || isGone ? undefined : chosen;
}

/** All models that the server has listed during this visit. */
export function useModels(): readonly ModelSummary[] {
  return useSyncExternalStore(
    subscribe,
    () => models,
    () => NONE,
  );
}

/**
 * The model that the visitor chose, for the device as well as the server. Call it before hooks that
 * use the device.
 */
export function useModel(): ChosenModel {
  const { model: chosen } = usePreferences();
  const known = useModels();
  const used = usedOf(chosen, known);

  useEffect(() => void refreshModels(), []);
  useEffect(() => getDevice().useModel(used), [used]);

  return { used, models: known, gone: chosen !== '' && used === undefined ? chosen : undefined };
}
