/** Stores thumbnails and pictures one after the other, so that answers are not delayed. */
import { makeThumbnail } from '../pictures/thumbnail';
import { LIMITS, type HistoryStore } from './store';

interface Pending {
  readonly key: number;
  readonly picture: Blob;
}

export class Keeper {
  readonly #store: Pick<HistoryStore, 'keepThumbnail' | 'keepPicture'>;
  readonly #thumbnailOf: (picture: Blob) => Promise<Blob>;
  readonly #maxPictures: number;
  readonly #onKept: () => void;
  readonly #pending: Pending[] = [];
  #working: Promise<void> | undefined;

  constructor(
    store: Pick<HistoryStore, 'keepThumbnail' | 'keepPicture'>,
    onKept: () => void,
    { thumbnailOf = makeThumbnail, maxPictures = LIMITS.pictures } = {},
  ) {
    this.#store = store;
    this.#onKept = onKept;
    this.#thumbnailOf = thumbnailOf;
    this.#maxPictures = maxPictures;
  }

  /** @returns when nothing is left to be kept */
  keep(key: number, picture: Blob): Promise<void> {
    this.#pending.push({ key, picture });
    return (this.#working ??= this.#work().finally(() => (this.#working = undefined)));
  }

  async #work(): Promise<void> {
    for (let next = this.#pending.shift(); next; next = this.#pending.shift()) {
      // A picture that newer ones would push out at once is not copied in the first place.
      const isNewest = this.#pending.length < this.#maxPictures;
      // Without a thumbnail, disk space or the file, the entry stays without a picture.
      await this.#keepThumbnail(next).catch(() => undefined);
      if (isNewest) await this.#store.keepPicture(next.key, next.picture).catch(() => undefined);
      this.#onKept();
    }
  }

  async #keepThumbnail({ key, picture }: Pending): Promise<void> {
    await this.#store.keepThumbnail(key, await this.#thumbnailOf(picture));
  }
}
