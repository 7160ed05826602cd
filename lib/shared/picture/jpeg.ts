/** Reads the header of a JPEG (ITU-T T.81, annex B). */
import { type Bytes, HeaderError } from './bytes';
import { readExifOrientation, type ExifOrientation } from './exif';
import type { PictureFacts } from './picture-facts';

const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
const APP1 = 0xe1;
const APP2 = 0xe2;
const EXIF = 'Exif\0\0';

/** Frame headers: SOF0 to SOF15, without DHT, JPG and DAC, whose codes lie between them. */
const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** Markers without a length: TEM, RST0 to RST7, SOI. */
const isAlone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

interface Frame {
  readonly marker: number;
  readonly bitDepth: number;
  readonly width: number;
  readonly height: number;
  readonly components: number;
}

export function readJpeg(file: Bytes): PictureFacts {
  let frame: Frame | undefined;
  let exif: ExifOrientation | undefined;
  let hasExif = false;
  let hasProfile = false;
  let scans = 0;
  let complete = false;
  for (let at = nextMarker(file, 2); at !== undefined;) {
    const marker = file.u8(at);
    if (marker === END_OF_IMAGE) {
      complete = true;
      break;
    }
    if (isAlone(marker)) {
      at = nextMarker(file, at + 1);
      continue;
    }
    if (at + 3 > file.length) break;
    const end = at + 1 + file.u16(at + 1);
    if (end > file.length) break;
    const body = at + 3;
    if (isFrame(marker) && !frame) frame = readFrame(file, marker, body);
    if (marker === APP1 && !hasExif && file.has(body, EXIF)) {
      hasExif = true;
      exif = readExifOrientation(file.data, body + EXIF.length, end);
    }
    if (marker === APP2 && file.has(body, 'ICC_PROFILE\0')) hasProfile = true;
    if (marker === START_OF_SCAN) scans++;
    at = nextMarker(file, end);
  }
  if (!frame) throw new HeaderError('The JPEG has no frame header.');
  return {
    format: 'jpeg',
    width: frame.width,
    height: frame.height,
    orientation: exif?.orientation ?? 1,
    exif,
    colour: { kind: hasProfile ? 'icc' : 'srgb' },
    channels: frame.components === 1 ? 'grey' : frame.components === 4 ? 'cmyk' : 'rgb',
    bitDepth: frame.bitDepth,
    scans,
    interlaced: [0xc2, 0xc6, 0xca, 0xce].includes(frame.marker),
    animated: false,
    complete: complete && scans > 0,
  };
}

function readFrame(file: Bytes, marker: number, at: number): Frame {
  return {
    marker,
    bitDepth: file.u8(at),
    height: file.u16(at + 1),
    width: file.u16(at + 3),
    components: file.u8(at + 5),
  };
}

/** Offset of the next marker's code. Skips the bytes of a scan and stray bytes. */
function nextMarker(file: Bytes, from: number): number | undefined {
  for (let at = from; ; at += 1) {
    at = file.data.indexOf(0xff, at);
    if (at < 0) return undefined;
    while (at < file.length && file.data[at] === 0xff) at++;
    if (at >= file.length) return undefined;
    const code = file.data[at]!;
    // FF 00 is a data byte of a scan; restart markers belong to the scan.
    if (code !== 0 && !(code >= 0xd0 && code <= 0xd7)) return at;
  }
}
