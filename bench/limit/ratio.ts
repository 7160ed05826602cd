import { percentile } from '../percentiles';

export interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Round by round, what `of` did over what `over` did: noise that lasts touches both. */
export function ratioOf(of: readonly number[], over: readonly number[]): Ratio {
  if (of.length !== over.length || of.length === 0) {
    throw new Error(`expected as many rounds of each, received ${of.length} and ${over.length}`);
  }
  const ratios = of.map((value, i) => value / over[i]!);
  return { median: percentile(ratios, 0.5), least: Math.min(...ratios), most: Math.max(...ratios) };
}

/** @param minimum what it has to reach; without one it is only told */
export function describeRatio(
  what: string,
  { median, least, most }: Ratio,
  minimum?: number,
): { readonly text: string; readonly holds: boolean } {
  const figures = `${what}: ${median.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)}`;
  if (minimum === undefined) return { text: `${figures})`, holds: true };
  const holds = median >= minimum;
  const verdict = holds ? 'holds' : 'MISSED';
  return { text: `${figures}; at least ${minimum.toFixed(2)}) ${verdict}`, holds };
}
