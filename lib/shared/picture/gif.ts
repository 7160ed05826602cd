/** Reads the header of a GIF (89a specification). */
import { type Bytes, HeaderError } from './bytes';
import type { PictureFacts, Rectangle } from './picture-facts';

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;

interface Frame extends Rectangle {
  readonly interlaced: boolean;
}

export function readGif(file: Bytes): PictureFacts {
  const [width, height] = [file.u16(6, true), file.u16(8, true)];
  const frames: Frame[] = [];
  let at: number | undefined = 13 + colourTableBytes(file.u8(10));
  while (at !== undefined && at < file.length) {
    const kind = file.u8(at);
    if (kind === TRAILER) break;
    if (kind === IMAGE && at + 10 <= file.length) {
      frames.push(readFrame(file, at));
      at = skipBlocks(file, at + 11 + colourTableBytes(file.u8(at + 9)));
    } else if (kind === EXTENSION) {
      at = skipBlocks(file, at + 2);
    } else {
      at = undefined;
    }
  }
  const [first] = frames;
  if (!first) throw new HeaderError('The GIF has no frame.');
  return {
    format: 'gif',
    width,
    height,
    orientation: 1,
    colour: { kind: 'srgb' },
    channels: 'rgb',
    bitDepth: 8,
    scans: 1,
    interlaced: first.interlaced,
    animated: frames.length > 1,
    // A missing trailer alone does not affect the pixels.
    complete: at !== undefined,
    firstFrame: coversAll(first, width, height) ? undefined : first,
  };
}

function colourTableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

/** Offset after the sub-blocks; undefined if they do not end. */
function skipBlocks(file: Bytes, from: number): number | undefined {
  for (let at = from; at < file.length;) {
    const length = file.u8(at);
    at += 1 + length;
    if (length === 0) return at;
  }
  return undefined;
}

function readFrame(file: Bytes, at: number): Frame {
  return {
    left: file.u16(at + 1, true),
    top: file.u16(at + 3, true),
    width: file.u16(at + 5, true),
    height: file.u16(at + 7, true),
    interlaced: (file.u8(at + 9) & 0x40) !== 0,
  };
}

function coversAll(
  { left, top, width, height }: Rectangle,
  canvasWidth: number,
  canvasHeight: number,
) {
  return left === 0 && top === 0 && width >= canvasWidth && height >= canvasHeight;
}
