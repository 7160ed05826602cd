/** Use of each API key, counted by the hour and reported by the day (UTC). */
import type { CountedBucket } from '../store/port';
import { valueOf } from './fields';

export const USES = ['predictions', 'pictures', 'refused', 'cost'] as const;
export type Use = (typeof USES)[number];

/** One answered request of a key. */
export interface KeyRequest {
  readonly keyId: string;
  readonly status: number;
  /** Units taken from the quota of predictions or of batches. */
  readonly cost: number;
  /** Its counted fields: `n:images` once for each picture. */
  readonly details: readonly string[];
}

export type Usage = Readonly<Record<Use, number>>;

export interface DayOfKey extends Usage {
  /** As 2026-11-27, in UTC. */
  readonly day: string;
  readonly keyId: string;
}

const PREDICTED: readonly string[] = ['n:predictions', 'n:batches'];

/**
 * Predictions and batches that were answered, their pictures, what was over a quota, and the cost.
 */
export function usageOf({ status, cost, details }: Omit<KeyRequest, 'keyId'>): Usage {
  return {
    predictions: details.some((detail) => PREDICTED.includes(detail)) ? 1 : 0,
    pictures: details.filter((detail) => detail === 'n:images').length,
    refused: status === 429 ? 1 : 0,
    cost,
  };
}

/** One field for each unit. */
export function usageFields(keyId: string, usage: Usage): string[] {
  return USES.flatMap((use) => Array<string>(usage[use]).fill(`${fieldName(use)}:${keyId}`));
}

/** Sums by day, then by key; days without use are left out. */
export function usageByDay(hours: readonly CountedBucket[]): DayOfKey[] {
  const days = new Map<string, Record<Use, number> & { day: string; keyId: string }>();
  for (const { startMs, counts } of hours) {
    const day = new Date(startMs).toISOString().slice(0, 10);
    for (const [field, count] of Object.entries(counts)) {
      const use = USES.find((candidate) => field.startsWith(`${fieldName(candidate)}:`));
      if (use === undefined) continue;
      const keyId = valueOf(field, fieldName(use))!;
      const id = `${day} ${keyId}`;
      const sum = days.get(id) ?? { day, keyId, predictions: 0, pictures: 0, refused: 0, cost: 0 };
      sum[use] += count;
      days.set(id, sum);
    }
  }
  return [...days.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

function fieldName(use: Use): string {
  return `key-${use}`;
}
