/** Stores thumbnails and pictures one after the other, so that answers are not delayed. */
import { makeThumbnail } from '../pictures/thumbnail';
import { LIMITS, type HistoryStore } from './store';

interface Pending {
  readonly key: number;
  readonly picture: Blob;
  /** Whether the picture itself is already stored. */
  readonly hasPicture: boolean;
}

type Store = Pick<HistoryStore, 'keepThumbnail' | 'keepPicture' | 'thumbnail' | 'picture'>;

export class Keeper {
  readonly #store: Store;
  readonly #thumbnailOf: (picture: Blob) => Promise<Blob>;
  readonly #maxPictures: number;
  readonly #onKept: () => void;
  readonly #pending: Pending[] = [];
  #working: Promise<void> | undefined;

  constructor(
    store: Store,
    onKept: () => void,
    { thumbnailOf = makeThumbnail, maxPictures = LIMITS.pictures } = {},
  ) {
    this.#store = store;
    this.#onKept = onKept;
    this.#thumbnailOf = thumbnailOf;
    this.#maxPictures = maxPictures;
  }

  /** Whether nothing is being stored. */
  get isIdle(): boolean {
    return this.#working === undefined;
  }

  /** @returns a promise that resolves when everything is stored */
  keep(key: number, picture: Blob, { hasPicture = false } = {}): Promise<void> {
    this.#pending.push({ key, picture, hasPicture });
    return (this.#working ??= this.#work().finally(() => (this.#working = undefined)));
  }

  async #work(): Promise<void> {
    for (let next = this.#pending.shift(); next; next = this.#pending.shift()) {
      // Skip a picture that newer ones would displace at once.
      const isWanted = !next.hasPicture && this.#pending.length < this.#maxPictures;
      // Without a thumbnail, disk space or the file, the entry stays without a picture.
      await this.#keepThumbnail(next).catch(() => undefined);
      if (isWanted) await this.#store.keepPicture(next.key, next.picture).catch(() => undefined);
      this.#onKept();
    }
  }

  /**
   * The stored thumbnail. If the visitor left the page before it was made, it is made of the
   * picture now.
   */
  async thumbnail(key: number): Promise<Blob | undefined> {
    const kept = await this.#store.thumbnail(key);
    const picture = kept ? undefined : await this.#store.picture(key);
    if (!picture) return kept;
    const made = await this.#thumbnailOf(picture).catch(() => undefined);
    if (made) await this.#store.keepThumbnail(key, made).catch(() => undefined);
    return made;
  }

  async #keepThumbnail({ key, picture }: Pending): Promise<void> {
    await this.#store.keepThumbnail(key, await this.#thumbnailOf(picture));
  }
}
