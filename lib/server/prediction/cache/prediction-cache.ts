import { LRUCache } from 'lru-cache';
import type { StoreGuard } from '../../store/guard';

/** The cached part of a prediction: the logits, from which every ranking is computed. */
export interface CachedPrediction {
  readonly width: number;
  readonly height: number;
  /** One for each class, in the order of the model's output. */
  readonly logits: Float32Array;
  /** Undefined where the model does not output class activations. */
  readonly activationEnergySpread?: number | undefined;
}

export type CacheLayer = 'memory' | 'shared';

export interface CacheHit {
  readonly prediction: CachedPrediction;
  readonly layer: CacheLayer;
}

/** Beside the logits: sizes, key, and the entry itself. */
const ENTRY_OVERHEAD_BYTES = 256;

/** An LRU cache of predictions in this process, in front of the cache that replicas share. */
export class PredictionCache {
  readonly #memory: LRUCache<string, CachedPrediction> | undefined;
  readonly #guard: StoreGuard;
  readonly #ttlSeconds: number;
  readonly #counts = { memory: 0, shared: 0, misses: 0 };

  constructor(guard: StoreGuard, entries: number, ttlSeconds: number) {
    this.#guard = guard;
    this.#ttlSeconds = ttlSeconds;
    this.#memory = entries > 0 ? new LRUCache({ max: entries, ttl: ttlSeconds * 1000 }) : undefined;
  }

  get counts(): Readonly<{ memory: number; shared: number; misses: number }> {
    return this.#counts;
  }

  /** Answers in memory. */
  get entries(): number {
    return this.#memory?.size ?? 0;
  }

  /** Approximate size in memory, in bytes. */
  get bytes(): number {
    const [sample] = this.#memory?.values() ?? [];
    const entryBytes = (sample?.logits.byteLength ?? 0) + ENTRY_OVERHEAD_BYTES;
    return this.entries * entryBytes;
  }

  /** Reads this process's memory only. */
  peek(key: string): CacheHit | undefined {
    const prediction = this.#memory?.get(key);
    if (!prediction) return undefined;
    this.#counts.memory++;
    return { prediction, layer: 'memory' };
  }

  /** Reads the cache that replicas share; an unavailable store counts as a miss. */
  async fetch(key: string): Promise<CacheHit | undefined> {
    const prediction = this.#memory ? await this.#fetchShared(key) : undefined;
    if (!prediction) {
      this.#counts.misses++;
      return undefined;
    }
    this.#counts.shared++;
    this.#memory?.set(key, prediction);
    return { prediction, layer: 'shared' };
  }

  /** Keeps a prediction, without waiting for the shared store. */
  keep(key: string, prediction: CachedPrediction): void {
    if (!this.#memory) return;
    this.#memory.set(key, prediction);
    const text = serialize(prediction);
    this.#guard
      .run((store) => store.writeCache(key, text, this.#ttlSeconds))
      .catch(() => undefined);
  }

  async #fetchShared(key: string): Promise<CachedPrediction | undefined> {
    try {
      const text = await this.#guard.read((store) => store.readCache(key));
      return text === undefined ? undefined : deserialize(text);
    } catch {
      return undefined;
    }
  }
}

function serialize({ logits, ...rest }: CachedPrediction): string {
  const bytes = Buffer.from(logits.buffer, logits.byteOffset, logits.byteLength);
  return JSON.stringify({ ...rest, logits: bytes.toString('base64') });
}

function deserialize(text: string): CachedPrediction {
  const { logits, ...rest } = JSON.parse(text) as Omit<CachedPrediction, 'logits'> & {
    readonly logits: string;
  };
  const bytes = new Uint8Array(Buffer.from(logits, 'base64'));
  return { ...rest, logits: new Float32Array(bytes.buffer) };
}
