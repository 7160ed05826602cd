import { quantile } from '@/lib/shared/numbers/quantile';

export interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Ratio of two measurements, round by round: lasting noise affects both. */
export function ratioOf(of: readonly number[], over: readonly number[]): Ratio {
  if (of.length !== over.length || of.length === 0) {
    throw new Error(`expected as many rounds of each, received ${of.length} and ${over.length}`);
  }
  const ratios = of.map((value, i) => value / over[i]!);
  return { median: quantile(ratios, 0.5), least: Math.min(...ratios), most: Math.max(...ratios) };
}

export interface Bound {
  readonly least?: number;
  readonly most?: number;
}

/** @param bound required bound; without one the ratio is only reported */
export function describeRatio(
  what: string,
  { median, least, most }: Ratio,
  bound: Bound = {},
): { readonly text: string; readonly holds: boolean } {
  const figures = `${what}: ${median.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)}`;
  const asked = describeBound(bound);
  if (!asked) return { text: `${figures})`, holds: true };
  const holds = median >= (bound.least ?? -Infinity) && median <= (bound.most ?? Infinity);
  return { text: `${figures}; ${asked}) ${holds ? 'holds' : 'MISSED'}`, holds };
}

function describeBound({ least, most }: Bound): string {
  const parts: string[] = [];
  if (least !== undefined) parts.push(`at least ${least.toFixed(2)}`);
  if (most !== undefined) parts.push(`at most ${most.toFixed(2)}`);
  return parts.join(', ');
}
