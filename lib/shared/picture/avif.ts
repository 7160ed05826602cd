/**
 * Reads the header of an AVIF: a still picture is an item (ISO/IEC 23008-12), an animation is a
 * track.
 */
import { readAv1Colours, type Av1Colours } from './av1-sequence';
import { type Bytes, HeaderError } from './bytes';
import { codedColour } from './code-points';
import type { Colour, PictureFacts, Rectangle } from './picture-facts';
import { findBox, readBoxes, type Box } from './iso-boxes';
import { readItems, type Items } from './iso-items';
import { orientationOf, type Turn } from './orientation';

export function readAvif(file: Bytes): PictureFacts {
  const boxes = readBoxes(file, 0, file.length);
  const complete = boxes.every((box) => box.to <= file.length);
  const meta = findBox(file, boxes, 'meta');
  const items = meta && readItems(file, meta);
  const animated = boxes.some(({ name }) => name === 'moov');
  if (items) return { ...readStill(file, items), animated, complete: complete && items.complete };
  return { ...readSequence(file, boxes), animated: true, complete, sequenceOnly: true };
}

type Described = Omit<PictureFacts, 'animated' | 'complete'>;

function readStill(file: Bytes, { properties, data }: Items): Described {
  const find = (name: string) => properties.find((box) => box.name === name);
  const size = find('ispe');
  if (!size) throw new HeaderError('The AVIF does not say how large it is.');
  const [width, height] = [file.u32(size.from + 4), file.u32(size.from + 8)];
  const crop = find('clap');
  const turn = readTurn(file, find('irot'), find('imir'));
  return {
    format: 'avif',
    width,
    height,
    orientation: orientationOf(turn),
    turnedByProperty: find('irot') !== undefined || find('imir') !== undefined,
    crop: crop && readCrop(file, crop, width, height),
    ...readColours(file, properties, find('av1C'), data),
  };
}

/**
 * AVIF rotates first, then mirrors. `Turn` mirrors first, which is the same with the rotation
 * reversed.
 */
function readTurn(file: Bytes, irot: Box | undefined, imir: Box | undefined): Turn {
  const anticlockwise = irot ? (file.u8(irot.from) & 3) * 90 : 0;
  const degrees = (360 - anticlockwise) % 360;
  if (!imir) return { mirrored: false, degrees: degrees as Turn['degrees'] };
  // Axis 0 swaps top and bottom, which equals swapping left and right after a turn by 180°.
  const flip = (file.u8(imir.from) & 1) === 0 ? 180 : 0;
  return { mirrored: true, degrees: ((360 - degrees + flip) % 360) as Turn['degrees'] };
}

/**
 * Reads `clap` (ISO/IEC 14496-12, 12.1.4.1): the size of the crop, and its centre's distance from
 * the picture's.
 */
function readCrop(file: Bytes, clap: Box, width: number, height: number): Rectangle | undefined {
  const fraction = (index: number) =>
    file.i32(clap.from + index * 8) / file.u32(clap.from + index * 8 + 4);
  const [cropWidth, cropHeight] = [Math.round(fraction(0)), Math.round(fraction(1))];
  const left = Math.round((width - cropWidth) / 2 + fraction(2));
  const top = Math.round((height - cropHeight) / 2 + fraction(3));
  const isInside =
    cropWidth > 0 &&
    cropHeight > 0 &&
    left >= 0 &&
    top >= 0 &&
    left + cropWidth <= width &&
    top + cropHeight <= height;
  return isInside ? { left, top, width: cropWidth, height: cropHeight } : undefined;
}

function readSequence(file: Bytes, boxes: readonly Box[]): Described {
  const entry = findBox(file, boxes, 'moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd', 'av01');
  if (!entry) throw new HeaderError('The AVIF has no picture.');
  // A visual sample entry has 78 bytes, then boxes.
  const properties = readBoxes(file, entry.from + 78, entry.to);
  return {
    format: 'avif',
    width: file.u16(entry.from + 24),
    height: file.u16(entry.from + 26),
    orientation: 1,
    ...readColours(
      file,
      properties,
      properties.find(({ name }) => name === 'av1C'),
      undefined,
    ),
  };
}

function readColours(
  file: Bytes,
  properties: readonly Box[],
  av1C: Box | undefined,
  data: Uint8Array | undefined,
): Omit<Described, 'format' | 'width' | 'height' | 'orientation'> {
  const flags = av1C ? file.u8(av1C.from + 2) : 0;
  const bitDepth = (flags & 0x40) === 0 ? 8 : (flags & 0x20) === 0 ? 10 : 12;
  const isGrey = (flags & 0x10) !== 0;
  const inHeader = av1C && file.slice(av1C.from + 4, av1C.to);
  const coded =
    readAv1Colours(inHeader ?? new Uint8Array()) ?? readAv1Colours(data ?? new Uint8Array());
  const { colour, limited } = resolveColour(file, properties, coded);
  return {
    colour,
    channels: isGrey ? 'grey' : 'rgb',
    bitDepth,
    limitedRange: limited,
    limitedGrey: isGrey && limited,
    scans: 1,
    interlaced: false,
  };
}

/**
 * An ICC profile takes precedence over code points; the container's code points over the stream's.
 */
function resolveColour(
  file: Bytes,
  properties: readonly Box[],
  stream: Av1Colours | undefined,
): { colour: Colour; limited: boolean } {
  const colours = properties.filter(({ name }) => name === 'colr');
  const nclx = colours.find(({ from }) => file.has(from, 'nclx'));
  const hasProfile = colours.some(({ from }) => file.has(from, 'prof') || file.has(from, 'rICC'));
  const [primaries, transfer, limited] = nclx
    ? [file.u16(nclx.from + 4), file.u16(nclx.from + 6), (file.u8(nclx.from + 10) & 0x80) === 0]
    : [stream?.primaries ?? 2, stream?.transfer ?? 2, stream?.limited ?? false];
  // Decoders expand limited-range RGB themselves; only grey keeps the limited range.
  const colour: Colour = hasProfile ? { kind: 'icc' } : codedColour(primaries, transfer, false);
  return { colour, limited };
}
