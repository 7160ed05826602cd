/**
 * Encodes an answer, without its picture, in a link. It stands after the `#`, which browsers do not
 * send, so the server never sees it and stores nothing.
 */
import * as z from 'zod/mini';
import type { Explanation } from '@/lib/shared/vision/explain/heat-map';

const PREFIX = '#answer=';
/** Longer hashes are not from this app. */
const MAX_LENGTH = 8_000;
const MAX_SIDE = 64;
/** Largest number of labels in a link. */
export const MAX_RANKED = 20;
/** One character per cell of the heat map, from no evidence to the most. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const MOST = ALPHABET.length - 1;

const share = z.number().check(z.minimum(0), z.maximum(1));
const side = z.int().check(z.minimum(1), z.maximum(MAX_SIDE));

const linkSchema = z.object({
  model: z.string().check(z.maxLength(200)),
  ranking: z
    .array(z.tuple([z.string().check(z.maxLength(300)), share]))
    .check(z.minLength(1), z.maxLength(MAX_RANKED)),
  /** For a multi-label model: how many labels, from the start of the ranking, are selected. */
  selected: z.optional(z.int().check(z.minimum(0), z.maximum(MAX_RANKED))),
  uncertain: z.boolean(),
  /** Size of the picture, for its proportions; the link does not contain the picture. */
  image: z.object({ width: z.int().check(z.minimum(1)), height: z.int().check(z.minimum(1)) }),
  map: z.optional(
    z.object({
      width: side,
      height: side,
      label: z.string().check(z.maxLength(300)),
      /** Row by row from the top. */
      cells: z.string().check(z.regex(/^[\w-]+$/)),
    }),
  ),
});

/** The part of an explanation that is drawn. */
export type Heat = Pick<Explanation, 'width' | 'height' | 'values'>;

type LinkContent = z.infer<typeof linkSchema>;

/** An answer as a link shows it. */
export interface SharedAnswer extends Omit<LinkContent, 'map'> {
  readonly map: { readonly explanation: Heat; readonly label: string } | undefined;
}

/** The hash of a link that shows an answer. Scores keep four digits, the heat map 64 levels. */
export function toHash({ model, ranking, selected, uncertain, image, map }: SharedAnswer): string {
  const content: LinkContent = {
    model,
    ranking: ranking.map(([label, score]) => [label, Math.round(score * 10_000) / 10_000]),
    ...(selected === undefined ? {} : { selected }),
    uncertain,
    image,
    ...(map && {
      map: {
        width: map.explanation.width,
        height: map.explanation.height,
        label: map.label,
        cells: map.explanation.values.map((value) => ALPHABET[Math.round(value * MOST)]).join(''),
      },
    }),
  };
  const bytes = new TextEncoder().encode(JSON.stringify(content));
  const base64 = btoa(String.fromCharCode(...bytes));
  return PREFIX + base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @returns undefined if the hash contains no valid answer */
export function fromHash(hash: string): SharedAnswer | undefined {
  if (!hash.startsWith(PREFIX) || hash.length > MAX_LENGTH) return undefined;
  try {
    const base64 = hash.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const { map, ...rest } = z.parse(linkSchema, JSON.parse(new TextDecoder().decode(bytes)));
    if (map && map.cells.length !== map.width * map.height) return undefined;
    return {
      ...rest,
      map: map && {
        label: map.label,
        explanation: {
          width: map.width,
          height: map.height,
          values: Array.from(map.cells, (cell) => ALPHABET.indexOf(cell) / MOST),
        },
      },
    };
  } catch {
    return undefined;
  }
}
