/**
 * Generates pictures that show no class of any classifier, so a good answer to them is "uncertain".
 */
import type { RgbImage } from '../vision/image';
import { textMask } from './pixel-text';
import { seededRandom } from './random';

type Random = () => number;
type Colour = readonly [number, number, number];
/** The colour at a place; both coordinates go from 0 to 1. */
type Painter = (x: number, y: number) => Colour;

const SIDES = [96, 128, 192, 256, 320] as const;

/** Each entry makes a painter for one picture of its kind. */
const KINDS = {
  'colour noise': (random) => () => [random() * 255, random() * 255, random() * 255],
  'grey noise': (random) => () => {
    const value = random() * 255;
    return [value, value, value];
  },
  'noise around a colour': (random) => {
    const colour = anyColour(random);
    const spread = 20 + random() * 100;
    return () => shift(colour, () => (random() + random() + random() - 1.5) * spread);
  },
  'salt and pepper': (random) => {
    const [ground, share] = [anyColour(random), 0.05 + random() * 0.4];
    return () => (random() > share ? ground : random() < 0.5 ? BLACK : WHITE);
  },
  'colour blocks': (random) => cells(random, 3 + pick(random, 14), false),
  clouds: (random) => cells(random, 2 + pick(random, 6), true),
  'blank page': (random) => {
    const paper = random() < 0.5 ? grey(215 + random() * 40) : anyColour(random);
    return () => paper;
  },
  text: (random) => {
    const isPrinted = textMask(random);
    const [ink, paper] = [grey(random() * 90), grey(200 + random() * 55)];
    return (x, y) => (isPrinted(x, y) ? ink : paper);
  },
  gradient: (random) => {
    const [from, to] = [anyColour(random), anyColour(random)];
    const along = direction(random);
    return (x, y) => mix(from, to, Math.min(1, Math.abs(along(x, y))));
  },
  stripes: (random) => {
    const [one, other] = [anyColour(random), anyColour(random)];
    const along = direction(random);
    const count = 2 + random() * 30;
    return (x, y) => (Math.abs(Math.floor(along(x, y) * count)) % 2 === 0 ? one : other);
  },
  chequers: (random) => {
    const [one, other] = [anyColour(random), anyColour(random)];
    const count = 2 + random() * 20;
    return (x, y) => ((Math.floor(x * count) + Math.floor(y * count)) % 2 === 0 ? one : other);
  },
} satisfies Record<string, (random: Random) => Painter>;

export type NonPictureKind = keyof typeof KINDS;

export interface NonPicture {
  readonly kind: NonPictureKind;
  readonly image: RgbImage;
}

/** Generates `count` pictures, the kinds in turn. The same seed gives the same pictures. */
export function* nonPictures(count: number, seed: number): Generator<NonPicture> {
  const random = seededRandom(seed);
  const kinds = Object.keys(KINDS) as NonPictureKind[];
  for (let i = 0; i < count; i++) {
    const kind = kinds[i % kinds.length]!;
    const [width, height] = [
      SIDES[pick(random, SIDES.length)]!,
      SIDES[pick(random, SIDES.length)]!,
    ];
    yield { kind, image: paint(width, height, KINDS[kind](random)) };
  }
}

function paint(width: number, height: number, at: Painter): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = at(x / width, y / height);
      for (let channel = 0; channel < 3; channel++) {
        const value = Math.round(colour[channel]!);
        data[(y * width + x) * 3 + channel] = Math.max(0, Math.min(255, value));
      }
    }
  }
  return { data, width, height, channels: 3 };
}

const BLACK: Colour = [0, 0, 0];
const WHITE: Colour = [255, 255, 255];

const grey = (value: number): Colour => [value, value, value];
const pick = (random: Random, count: number) => Math.floor(random() * count);
const anyColour = (random: Random): Colour => [random() * 255, random() * 255, random() * 255];

function shift(colour: Colour, by: () => number): Colour {
  return [colour[0] + by(), colour[1] + by(), colour[2] + by()];
}

function mix(from: Colour, to: Colour, share: number): Colour {
  const one = (channel: 0 | 1 | 2) => from[channel] + (to[channel] - from[channel]) * share;
  return [one(0), one(1), one(2)];
}

/** How far a place lies along a random direction, about 0 to 1. */
function direction(random: Random): (x: number, y: number) => number {
  const angle = random() * Math.PI;
  return (x, y) => (x * Math.cos(angle) + y * Math.sin(angle)) / Math.SQRT2;
}

/** A grid of random colours, with hard or smooth borders. */
function cells(random: Random, count: number, isSmooth: boolean): Painter {
  const side = count + 1;
  const colours = Array.from({ length: side * side }, () => anyColour(random));
  const at = (column: number, row: number) => colours[row * side + column]!;
  return (x, y) => {
    const [column, row] = [Math.floor(x * count), Math.floor(y * count)];
    if (!isSmooth) return at(column, row);
    const [right, down] = [x * count - column, y * count - row];
    const upper = mix(at(column, row), at(column + 1, row), right);
    const lower = mix(at(column, row + 1), at(column + 1, row + 1), right);
    return mix(upper, lower, down);
  };
}
