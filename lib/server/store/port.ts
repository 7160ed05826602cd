import { randomBytes } from 'node:crypto';

/**
 * The store that replicas share: one interface, three drivers, one contract test
 * (store.contract.test.ts).
 */

export interface QuotaState {
  readonly allowed: boolean;
  readonly limit: number;
  /** Units left in this window. */
  readonly remaining: number;
  /** When the window ends, in Unix milliseconds. */
  readonly resetAtMs: number;
}

export interface QuotaRequest {
  /** Name of the policy; each policy is counted separately. */
  readonly policy: string;
  readonly identity: string;
  readonly limit: number;
  readonly windowMs: number;
  /** An integer: above 0 takes so many units, or none if fewer are left; below 0 returns units. */
  readonly cost: number;
}

/** An API key as it is kept: never the key itself. */
export interface KeyRecord {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the secret, in hex. */
  readonly secretHash: string;
  readonly createdAtMs: number;
  readonly expiresAtMs?: number;
  readonly revokedAtMs?: number;
  /** Only in listed records; stored separately. */
  readonly lastUsedAtMs?: number;
  readonly predictPerMinute?: number;
  readonly batchPerMinute?: number;
}

export const RESOLUTIONS = {
  /** Kept for 48 hours. */
  minute: { bucketMs: 60_000, keptMs: 48 * 3_600_000 },
  /** Kept for 90 days. */
  hour: { bucketMs: 3_600_000, keptMs: 90 * 86_400_000 },
} as const;

export type Resolution = keyof typeof RESOLUTIONS;

/** Counts by field, for one bucket of time. */
export type Counts = Readonly<Record<string, number>>;

/** Counts that belong to buckets, by their start in Unix milliseconds. */
export interface CountedBucket {
  readonly resolution: Resolution;
  readonly startMs: number;
  readonly counts: Counts;
}

/**
 * Counts that are added together or not at all. A writer sends its batches in the order of their
 * sequence, one at a time, so a shared store need only remember each writer's last one to add none
 * twice.
 */
export interface CountBatch {
  readonly writer: string;
  /** 1, 2, 3 … for each writer. */
  readonly sequence: number;
  /** Another process may have added it: the embedded store looks that up, too. */
  readonly isRepeated?: boolean;
  readonly buckets: readonly CountedBucket[];
}

export interface Store {
  readonly kind: 'embedded' | 'redis' | 'upstash';
  /** The file's path, for the log. */
  readonly file?: string;

  /** Takes from, or gives back to, a fixed window that begins at a multiple of its length. */
  takeQuota(request: QuotaRequest): Promise<QuotaState>;

  /** Answers shared by replicas; the embedded driver has none besides the process's own memory. */
  readCache(key: string): Promise<string | undefined>;
  writeCache(key: string, value: string, ttlSeconds: number): Promise<void>;

  saveKey(record: KeyRecord): Promise<void>;
  findKey(id: string): Promise<KeyRecord | undefined>;
  /** By name, then by id; with the last use of each. */
  listKeys(): Promise<KeyRecord[]>;
  /** Stored separately from the record, so that it cannot overwrite a record changed meanwhile. */
  recordKeyUse(id: string, atMs: number): Promise<void>;

  addCounts(batch: CountBatch): Promise<void>;
  /** Buckets that begin in [fromMs, toMs), in order, those without counts left out. */
  readCounts(resolution: Resolution, fromMs: number, toMs: number): Promise<CountedBucket[]>;
  /**
   * Stores counts under a name for ever; if the name has counts already, keeps and returns those.
   */
  freezeCounts(name: string, counts: Counts): Promise<Counts>;
  frozenCounts(name: string): Promise<Counts | undefined>;
  /**
   * Returns the ids not claimed before; an id is remembered for as long as a report may be late.
   */
  claimIds(ids: readonly string[], nowMs: number): Promise<string[]>;

  /** The secret of a name, shared by all replicas; the first call makes it. */
  sharedSecret(name: string): Promise<string>;

  /** Rejects if the store cannot be read. */
  ping(): Promise<void>;
  /** Rejects if the store accepts no writes, which a ping does not detect. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;
/** The oldest prediction that a browser may report: reports wait for a connection. */
export const REPORTED_WITHIN_MS = 14 * DAY_MS;
export const CLAIM_KEPT_MS = REPORTED_WITHIN_MS + DAY_MS;

export function makeSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function bucketStart(resolution: Resolution, atMs: number): number {
  const { bucketMs } = RESOLUTIONS[resolution];
  return Math.floor(atMs / bucketMs) * bucketMs;
}
