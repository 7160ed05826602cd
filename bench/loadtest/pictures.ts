import sharp from 'sharp';
import type { Random } from './random';

const SAMPLES = ['cat.png', 'espresso.png', 'rocket.jpg'];
const VIEWS_OF_EACH = 20;
const SIZE = { width: 500, height: 375 };
/** How much larger the picture is than the view that is cut out of it. */
const SCALE = 1.4;

/** Makes different views of the samples. */
export async function makePictures(random: Random): Promise<Buffer[]> {
  const views = SAMPLES.flatMap((file) => Array<string>(VIEWS_OF_EACH).fill(file));
  return Promise.all(views.map((file) => cutView(`public/samples/${file}`, random)));
}

async function cutView(file: string, random: Random): Promise<Buffer> {
  const width = Math.round(SIZE.width * SCALE);
  const height = Math.round(SIZE.height * SCALE);
  const left = Math.floor(random() * (width - SIZE.width));
  const top = Math.floor(random() * (height - SIZE.height));
  const whole = await sharp(file).resize(width, height, { fit: 'cover' }).toBuffer();
  return sharp(whole)
    .extract({ left, top, ...SIZE })
    .jpeg({ quality: 85 })
    .toBuffer();
}

/** A picture of twelve megapixels, like a phone's. */
export function makeLargePicture(): Promise<Buffer> {
  const large = sharp('public/samples/rocket.jpg').resize(4000, 3000, { fit: 'cover' });
  return large.jpeg({ quality: 85 }).toBuffer();
}

/** The pictures that users draw from. */
export class Deck {
  readonly #pictures: readonly Buffer[];
  readonly #random: Random;
  readonly #repeats: number;
  #made = 0;

  /** @param repeats share of pictures with the same bytes as an earlier one, 0 to 1 */
  constructor(pictures: readonly Buffer[], random: Random, repeats: number) {
    this.#pictures = pictures;
    this.#random = random;
    this.#repeats = repeats;
  }

  next(): Buffer {
    const picture = this.#pictures[Math.floor(this.#random() * this.#pictures.length)]!;
    return this.#random() < this.#repeats ? picture : this.#distinct(picture);
  }

  /** Bytes after the end of a JPEG are ignored, but change its hash. */
  #distinct(picture: Buffer): Buffer {
    const suffix = Buffer.alloc(8);
    suffix.writeBigUInt64BE(BigInt(++this.#made));
    return Buffer.concat([picture, suffix]);
  }
}
