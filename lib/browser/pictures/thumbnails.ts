/** Thumbnails of what is on the screen: made a few at a time, kept for a while, given back. */
import PQueue from 'p-queue';
import { makeThumbnail } from './thumbnail';

const AT_ONCE = 2;
/** At most 20 KiB each. */
const MAX_KEPT = 300;

/** Addresses of thumbnails, the ones used last at the end. */
export class Thumbnails {
  readonly #queue = new PQueue({ concurrency: AT_ONCE });
  readonly #kept = new Map<File, string>();

  /**
   * The address of a file's thumbnail; undefined where the browser cannot show the file, or nobody
   * wants it any more by the time it would be made.
   */
  async get(file: File, signal: AbortSignal): Promise<string | undefined> {
    return this.#find(file) ?? this.#queue.add(() => this.#find(file) ?? this.#make(file, signal));
  }

  clear(): void {
    for (const url of this.#kept.values()) URL.revokeObjectURL(url);
    this.#kept.clear();
  }

  #find(file: File): string | undefined {
    const url = this.#kept.get(file);
    return url === undefined ? undefined : this.#keep(file, url);
  }

  async #make(file: File, signal: AbortSignal): Promise<string | undefined> {
    if (signal.aborted) return undefined;
    const thumbnail = await makeThumbnail(file).catch(() => undefined);
    if (!thumbnail) return undefined;
    return this.#find(file) ?? this.#keep(file, URL.createObjectURL(thumbnail));
  }

  #keep(file: File, url: string): string {
    this.#kept.delete(file);
    this.#kept.set(file, url);
    const [oldest] = this.#kept;
    if (oldest && this.#kept.size > MAX_KEPT) {
      this.#kept.delete(oldest[0]);
      URL.revokeObjectURL(oldest[1]);
    }
    return url;
  }
}
