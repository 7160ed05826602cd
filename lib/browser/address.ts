/** What of `/` stands in its address, so that a link shows the same. */
import { THRESHOLDS, type Threshold } from './preferences';

export interface Address {
  /** Id of the model that answers; the server's default without. */
  readonly model?: string | undefined;
  /** Id of the model that is compared. */
  readonly compare?: string | undefined;
  readonly threshold?: Threshold | undefined;
}

/** @param search the part of an address from `?` on; what is not understood there is left out */
export function readAddress(search: string): Address {
  const params = new URLSearchParams(search);
  return {
    model: params.get('model') || undefined,
    compare: params.get('compare') || undefined,
    threshold: THRESHOLDS.find((value) => value === params.get('threshold')),
  };
}

/** @returns the search with these, and whatever else stood in it */
export function writeAddress(search: string, { model, compare, threshold }: Address): string {
  const params = new URLSearchParams(search);
  const values = { model, compare, threshold: threshold === '0' ? undefined : threshold };
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) params.delete(name);
    else params.set(name, value);
  }
  return params.size === 0 ? '' : `?${params}`;
}
