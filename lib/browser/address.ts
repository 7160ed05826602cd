/** The settings of the page `/` that are stored in its address, so that a link shows the same. */
import { THRESHOLDS, type Threshold } from './preferences';

export interface Address {
  /** Id of the model that answers; default: the server's default model. */
  readonly model?: string | undefined;
  /** Id of the second model, for the comparison. */
  readonly compare?: string | undefined;
  readonly threshold?: Threshold | undefined;
}

/** @param search the query of an address, from `?` on; values that are not valid are ignored */
export function readAddress(search: string): Address {
  const params = new URLSearchParams(search);
  return {
    model: params.get('model') || undefined,
    compare: params.get('compare') || undefined,
    threshold: THRESHOLDS.find((value) => value === params.get('threshold')),
  };
}

/** @returns the query with these settings; all other parameters stay */
export function writeAddress(search: string, { model, compare, threshold }: Address): string {
  const params = new URLSearchParams(search);
  const values = { model, compare, threshold: threshold === '0' ? undefined : threshold };
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) params.delete(name);
    else params.set(name, value);
  }
  return params.size === 0 ? '' : `?${params}`;
}
