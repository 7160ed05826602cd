/** Thumbnails for the visible rows: made a few at a time, cached, and released. */
import PQueue from 'p-queue';

const AT_ONCE = 2;
/** Each has at most 20 KiB. */
const MAX_KEPT = 300;

/** A cache of thumbnail URLs; the most recently used is last. */
export class Thumbnails<Key> {
  readonly #queue = new PQueue({ concurrency: AT_ONCE });
  readonly #kept = new Map<Key, string>();
  readonly #make: (key: Key) => Promise<Blob | undefined>;

  constructor(make: (key: Key) => Promise<Blob | undefined>) {
    this.#make = make;
  }

  /** The URL if it is cached. */
  find(key: Key): string | undefined {
    const url = this.#kept.get(key);
    return url === undefined ? undefined : this.#keep(key, url);
  }

  /**
   * The URL of a thumbnail. Undefined if there is none, or if `signal` aborts before it is made.
   */
  async get(key: Key, signal: AbortSignal): Promise<string | undefined> {
    return this.find(key) ?? this.#queue.add(() => this.find(key) ?? this.#makeOne(key, signal));
  }

  async #makeOne(key: Key, signal: AbortSignal): Promise<string | undefined> {
    if (signal.aborted) return undefined;
    const thumbnail = await this.#make(key).catch(() => undefined);
    if (!thumbnail) return undefined;
    return this.find(key) ?? this.#keep(key, URL.createObjectURL(thumbnail));
  }

  #keep(key: Key, url: string): string {
    this.#kept.delete(key);
    this.#kept.set(key, url);
    const [oldest] = this.#kept;
    if (oldest && this.#kept.size > MAX_KEPT) {
      this.#kept.delete(oldest[0]);
      URL.revokeObjectURL(oldest[1]);
    }
    return url;
  }
}
