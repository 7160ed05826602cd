import { readAvif } from './avif';
import { Bytes, HeaderError } from './bytes';
import { readGif } from './gif';
import { readJpeg } from './jpeg';
import type { PictureFacts } from './picture-facts';
import { readPng } from './png';
import { readWebp } from './webp';

export type { Colour, PictureFacts, Rectangle } from './picture-facts';

const READERS: readonly [isIt: (file: Bytes) => boolean, read: (file: Bytes) => PictureFacts][] = [
  [(file) => file.length > 2 && file.u16(0) === 0xffd8, readJpeg],
  [(file) => file.has(0, '\u0089PNG\r\n\u001a\n'), readPng],
  [(file) => file.has(0, 'RIFF') && file.has(8, 'WEBP'), readWebp],
  [(file) => file.has(0, 'GIF8'), readGif],
  [(file) => file.has(4, 'ftyp'), readAvif],
];

/**
 * Reads the header of a JPEG, PNG, WebP, AVIF or GIF.
 *
 * @returns undefined for another format, `broken` if the header is invalid
 */
export function readFacts(bytes: Uint8Array): PictureFacts | 'broken' | undefined {
  const file = new Bytes(bytes);
  const read = READERS.find(([isIt]) => isIt(file))?.[1];
  try {
    const facts = read?.(file);
    return facts && (facts.width < 1 || facts.height < 1) ? 'broken' : facts;
  } catch (error) {
    if (error instanceof HeaderError) return 'broken';
    throw error;
  }
}
