import type { Preprocessing } from '@/lib/shared/model/preprocessing';
import { readFacts } from '@/lib/shared/picture/facts';
import { preparationOf } from '@/lib/shared/vision/prepared';
import { decodeImage, type DecodeLimits, type DecodeResult } from '../intake/decode';

/** A prepared picture without the model's input size. */
export interface SizeProblem {
  readonly type: 'wrong-size';
  readonly detail: string;
  readonly expected: string;
  readonly received: string;
}

type PreparedResult = DecodeResult | { readonly ok: false; readonly problem: SizeProblem };

/**
 * Decodes a picture that its sender prepared. One of another size is refused by its header, before
 * a pixel is decoded; one that is turned while it is decoded is looked at once more.
 */
export async function decodePrepared(
  bytes: Uint8Array,
  preprocessing: Preprocessing,
  limits: DecodeLimits,
): Promise<PreparedResult> {
  const preparation = preparationOf(preprocessing);
  if (!preparation) throw new Error('expected a model whose inputs have one size');
  const facts = readFacts(bytes);
  const isRead = typeof facts === 'object';
  if (isRead && !isSame(facts, preparation)) return wrongSize(preparation, facts);
  const decoded = await decodeImage(bytes, limits);
  if (!decoded.ok || isSame(decoded.image, preparation)) return decoded;
  return wrongSize(preparation, decoded.image);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function isSame(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}

function wrongSize(expected: Size, received: Size): PreparedResult {
  const words = ({ width, height }: Size) => `${width} × ${height} pixels`;
  return {
    ok: false,
    problem: {
      type: 'wrong-size',
      detail: `A picture that is prepared for this model has ${words(expected)}.`,
      expected: words(expected),
      received: words(received),
    },
  };
}
