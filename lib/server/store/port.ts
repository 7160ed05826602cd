import { randomBytes } from 'node:crypto';

/** What replicas share. One port, three drivers, one contract (store-contract.test.ts). */

export interface QuotaState {
  readonly allowed: boolean;
  readonly limit: number;
  /** What is left of the limit in this window. */
  readonly remaining: number;
  /** When the window ends, in Unix milliseconds. */
  readonly resetAtMs: number;
}

export interface QuotaRequest {
  /** Name of the policy; each counts by itself. */
  readonly policy: string;
  readonly identity: string;
  readonly limit: number;
  readonly windowMs: number;
  /** Whole numbers: over 0 takes so many or, where fewer are left, none; under 0 gives back. */
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
  /** Of those that are listed; it is kept apart. */
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
  /** Where it lies on this machine, for the log. */
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
  /** Apart from the record, so that it can bring back no record that has changed meanwhile. */
  recordKeyUse(id: string, atMs: number): Promise<void>;

  addCounts(batch: CountBatch): Promise<void>;
  /** Buckets that begin in [fromMs, toMs), in order, those without counts left out. */
  readCounts(resolution: Resolution, fromMs: number, toMs: number): Promise<CountedBucket[]>;
  /** Keeps counts under a name for good, unless it has some already; gives those that it has. */
  freezeCounts(name: string, counts: Counts): Promise<Counts>;
  frozenCounts(name: string): Promise<Counts | undefined>;
  /** Of these ids those not seen before; each is told once, for as long as a report may be late. */
  claimIds(ids: readonly string[], nowMs: number): Promise<string[]>;

  /** A secret that replicas share under a name, made by whoever asks for it first. */
  sharedSecret(name: string): Promise<string>;

  /** Rejects if the store cannot be read. */
  ping(): Promise<void>;
  /** Rejects if the store takes no writes, which a ping does not show. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;
/** How long ago a prediction may be that a browser reports: outboxes wait for a connection. */
export const REPORTED_WITHIN_MS = 14 * DAY_MS;
export const CLAIM_KEPT_MS = REPORTED_WITHIN_MS + DAY_MS;

export function makeSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function bucketStart(resolution: Resolution, atMs: number): number {
  const { bucketMs } = RESOLUTIONS[resolution];
  return Math.floor(atMs / bucketMs) * bucketMs;
}
