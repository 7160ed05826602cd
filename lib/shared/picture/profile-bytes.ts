/** Finds the ICC profile of a picture, in each format. */
import { unzlibSync } from 'fflate';
import { Bytes, HeaderError } from './bytes';
import type { PictureFacts } from './facts';
import { findBox, readBoxes } from './iso-boxes';

/** @returns undefined if there is no readable profile */
export function readProfileBytes(
  bytes: Uint8Array,
  { format }: Pick<PictureFacts, 'format'>,
): Uint8Array | undefined {
  const file = new Bytes(bytes);
  try {
    switch (format) {
      case 'jpeg':
        return ofJpeg(file);
      case 'png':
        return ofPng(file);
      case 'webp':
        return ofWebp(file);
      case 'avif':
        return ofAvif(file);
      case 'gif':
        return undefined;
    }
  } catch (error) {
    if (error instanceof HeaderError) return undefined;
    throw error;
  }
}

/** JPEG stores the profile in numbered pieces (ICC.1:2022, B.4). */
function ofJpeg(file: Bytes): Uint8Array | undefined {
  const name = 'ICC_PROFILE\0';
  const pieces: { number: number; data: Uint8Array }[] = [];
  for (let at = 2; at + 4 <= file.length && file.u8(at) === 0xff;) {
    const marker = file.u8(at + 1);
    if (marker === 0xda) break;
    const body = at + 4;
    const end = at + 2 + file.u16(at + 2);
    if (marker === 0xe2 && file.has(body, name)) {
      const number = file.u8(body + name.length);
      pieces.push({ number, data: file.slice(body + name.length + 2, end) });
    }
    at = end;
  }
  const sorted = pieces.sort((a, b) => a.number - b.number).map(({ data }) => data);
  return sorted.length === 0 ? undefined : concat(sorted);
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function ofPng(file: Bytes): Uint8Array | undefined {
  for (let at = 8; at + 12 <= file.length; at += 12 + file.u32(at)) {
    if (!file.has(at + 4, 'iCCP')) continue;
    const body = file.slice(at + 8, at + 8 + file.u32(at));
    // The chunk has a name, a zero byte, and the compression method, of which there is only one.
    return inflate(body.subarray(body.indexOf(0) + 2));
  }
  return undefined;
}

function inflate(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return unzlibSync(bytes);
  } catch {
    return undefined;
  }
}

function ofWebp(file: Bytes): Uint8Array | undefined {
  for (let at = 12; at + 8 <= file.length;) {
    const length = file.u32(at + 4, true);
    if (file.has(at, 'ICCP')) return file.slice(at + 8, at + 8 + length);
    at += 8 + length + (length % 2);
  }
  return undefined;
}

function ofAvif(file: Bytes): Uint8Array | undefined {
  const boxes = readBoxes(file, 0, file.length);
  const ipco = findBox(file, boxes, 'meta', 'iprp', 'ipco');
  const colr =
    ipco &&
    readBoxes(file, ipco.from, ipco.to).find(
      ({ name, from }) => name === 'colr' && (file.has(from, 'prof') || file.has(from, 'rICC')),
    );
  return colr && file.slice(colr.from + 4, colr.to);
}
