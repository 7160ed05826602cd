import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { StoreGuard } from '../../store/guard';
import type { KeyRecord, Store } from '../../store/port';
import { isSessionOf, parseSession } from './sessions';

const KEY_PATTERN = /^sl_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;
const ID_BYTES = 8;
const SECRET_BYTES = 32;
/** How long a replica may still accept a revoked key that it knows. */
const KNOWN_FOR_MS = 2_000;
const MAX_KNOWN = 10_000;
const LAST_USE_EVERY_MS = 10_000;

export interface NewKey {
  readonly name: string;
  readonly expiresAtMs?: number;
  readonly predictPerMinute?: number;
  readonly batchPerMinute?: number;
}

export interface IssuedKey {
  readonly record: KeyRecord;
  /** Shown once; only its hash is kept. */
  readonly key: string;
}

/** Makes a key and saves its record. */
export async function createKey(store: Store, wanted: NewKey, nowMs: number): Promise<IssuedKey> {
  const id = randomBytes(ID_BYTES).toString('hex');
  return issue(store, { ...wanted, id, secretHash: '', createdAtMs: nowMs });
}

/**
 * Gives a key a new secret; the old one becomes invalid.
 *
 * @throws Error if there is no such key
 */
export async function rotateKey(store: Store, id: string): Promise<IssuedKey> {
  return issue(store, await existing(store, id));
}

/** @throws Error if there is no such key */
export async function revokeKey(store: Store, id: string, nowMs: number): Promise<KeyRecord> {
  const revoked = { ...(await existing(store, id)), revokedAtMs: nowMs };
  await store.saveKey(revoked);
  return revoked;
}

async function existing(store: Store, id: string): Promise<KeyRecord> {
  const record = await store.findKey(id);
  if (!record) throw new Error(`expected the id of a key, as "list" shows it, received ${id}`);
  return record;
}

async function issue(store: Store, record: KeyRecord): Promise<IssuedKey> {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  const issued = { ...record, secretHash: hash(secret).toString('hex') };
  await store.saveKey(issued);
  return { record: issued, key: `sl_${issued.id}_${secret}` };
}

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** `unsure`: the store is unavailable, and this process has never seen the key. */
export type KeyVerdict = KeyRecord | 'unknown' | 'unsure';

/** Verifies keys that requests bring, and records when each was last used. */
export class ApiKeys {
  readonly #guard: StoreGuard;
  readonly #now: () => number;
  readonly #known: LRUCache<string, { record: KeyRecord | undefined; atMs: number }>;
  readonly #lastUseSavedMs = new LRUCache<string, number>({ max: MAX_KNOWN });

  constructor(guard: StoreGuard, now: () => number = Date.now) {
    this.#guard = guard;
    this.#now = now;
    this.#known = new LRUCache({ max: MAX_KNOWN });
  }

  async verify(key: string): Promise<KeyVerdict> {
    const [, id, secret] = KEY_PATTERN.exec(key) ?? [];
    if (!id || !secret) return 'unknown';
    const record = await this.#find(id);
    if (record === 'unsure') return 'unsure';
    // Compares even for an unknown key, so that the duration reveals nothing.
    const expected = Buffer.from(record?.secretHash ?? '00'.repeat(32), 'hex');
    const isRight = timingSafeEqual(hash(secret), expected);
    if (!record || !isRight || !this.#isValid(record)) return 'unknown';
    this.#recordUse(record);
    return record;
  }

  /** As `verify`, for the session token of a browser. */
  async verifySession(token: string): Promise<KeyVerdict> {
    const session = parseSession(token);
    if (!session) return 'unknown';
    const record = await this.#find(session.keyId);
    if (record === 'unsure') return 'unsure';
    if (!record || !this.#isValid(record)) return 'unknown';
    if (!isSessionOf(session, record, this.#now())) return 'unknown';
    this.#recordUse(record);
    return record;
  }

  /** Whether this key was valid at its last look-up. */
  isKnown(key: string): boolean {
    const [, id, secret] = KEY_PATTERN.exec(key) ?? [];
    const record = id === undefined ? undefined : this.#known.get(id)?.record;
    if (!record || !secret) return false;
    return timingSafeEqual(hash(secret), Buffer.from(record.secretHash, 'hex'));
  }

  #isValid({ revokedAtMs, expiresAtMs }: KeyRecord): boolean {
    return revokedAtMs === undefined && (expiresAtMs === undefined || this.#now() < expiresAtMs);
  }

  async #find(id: string): Promise<KeyRecord | undefined | 'unsure'> {
    const known = this.#known.get(id);
    if (known && this.#now() - known.atMs < KNOWN_FOR_MS) return known.record;
    try {
      const record = await this.#guard.read((store) => store.findKey(id));
      this.#known.set(id, { record, atMs: this.#now() });
      return record;
    } catch {
      return known ? known.record : 'unsure';
    }
  }

  /** Records the time occasionally, without delaying the request. */
  #recordUse({ id }: KeyRecord): void {
    const nowMs = this.#now();
    if (nowMs - (this.#lastUseSavedMs.get(id) ?? 0) < LAST_USE_EVERY_MS) return;
    this.#lastUseSavedMs.set(id, nowMs);
    this.#guard.run((store) => store.recordKeyUse(id, nowMs)).catch(() => undefined);
  }
}
