/** AVIF pictures with properties that our encoder does not write, made out of one that it does. */

const PRIMARY_ITEM = 1;

interface Box {
  readonly at: number;
  readonly size: number;
}

/** Adds an essential property to the only item of a picture out of libheif. */
export function withProperty(avif: Buffer, name: string, payload: Buffer): Buffer {
  const property = Buffer.concat([Buffer.alloc(8), payload]);
  property.writeUInt32BE(property.length, 0);
  property.write(name, 4, 'latin1');
  const meta = find(avif, 'meta');
  const iprp = find(avif, 'iprp');
  const ipco = find(avif, 'ipco');
  const ipma = find(avif, 'ipma');
  const index = countBoxes(avif, ipco) + 1;
  const copy = Buffer.from(avif);
  const grown = property.length + 1;
  for (const { at } of [meta, iprp]) copy.writeUInt32BE(copy.readUInt32BE(at) + grown, at);
  copy.writeUInt32BE(ipco.size + property.length, ipco.at);
  copy.writeUInt32BE(ipma.size + 1, ipma.at);
  const [countAt, afterLast] = lastAssociation(copy, ipma);
  copy[countAt] = copy[countAt]! + 1;
  shiftPieces(copy, grown);
  const ipcoEnd = ipco.at + ipco.size;
  return Buffer.concat([
    copy.subarray(0, ipcoEnd),
    property,
    copy.subarray(ipcoEnd, afterLast),
    Buffer.of(0x80 | index),
    copy.subarray(afterLast),
  ]);
}

/** Says by code points (ITU-T H.273) how the colours of a picture without a profile are meant. */
export function withCodePoints(
  avif: Buffer,
  {
    primaries = 1,
    transfer = 13,
    isLimited = false,
  }: { primaries?: number; transfer?: number; isLimited?: boolean },
): Buffer {
  const payload = Buffer.alloc(11);
  payload.write('nclx', 0, 'latin1');
  payload.writeUInt16BE(primaries, 4);
  payload.writeUInt16BE(transfer, 6);
  // The matrix that our encoder stores by, of BT.601.
  payload.writeUInt16BE(6, 8);
  payload[10] = isLimited ? 0 : 0x80;
  return withProperty(avif, 'colr', payload);
}

function find(avif: Buffer, name: string): Box {
  const at = avif.indexOf(name, 0, 'latin1') - 4;
  if (at < 0) throw new Error(`expected a box ${name}`);
  return { at, size: avif.readUInt32BE(at) };
}

function countBoxes(avif: Buffer, { at, size }: Box): number {
  let count = 0;
  for (let next = at + 8; next < at + size; next += avif.readUInt32BE(next)) count++;
  return count;
}

/** Where the count of the primary item's properties stands, and where the last one ends. */
function lastAssociation(avif: Buffer, { at }: Box): [countAt: number, end: number] {
  const countAt = at + 8 + 4 + 4 + 2;
  if (avif.readUInt16BE(countAt - 2) !== PRIMARY_ITEM) throw new Error('expected item 1 first');
  return [countAt, countAt + 1 + avif[countAt]!];
}

/** `iloc` of version 0 or 1 with offsets and lengths of 4 bytes and no base, as libheif writes it. */
function shiftPieces(avif: Buffer, by: number): void {
  const { at } = find(avif, 'iloc');
  const version = avif[at + 8]!;
  const sizes = avif.readUInt16BE(at + 12);
  const baseBytes = (sizes >> 4) & 15;
  if (sizes >> 8 !== 0x44) throw new Error(`expected sizes of 4 bytes, received ${sizes}`);
  const count = avif.readUInt16BE(at + 14);
  let item = at + 16;
  for (let i = 0; i < count; i++) {
    const extents = item + 2 + (version === 0 ? 0 : 2) + 2 + baseBytes;
    const pieces = avif.readUInt16BE(extents);
    for (let j = 0; j < pieces; j++) {
      const offset = extents + 2 + j * 8;
      avif.writeUInt32BE(avif.readUInt32BE(offset) + by, offset);
    }
    item = extents + 2 + pieces * 8;
  }
}
