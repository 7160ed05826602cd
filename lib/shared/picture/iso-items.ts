/**
 * Reads the items of a `meta` box, and what belongs to the primary item (ISO/IEC 14496-12, 8.11).
 */
import type { Bytes } from './bytes';
import { findBox, readBoxes, type Box } from './iso-boxes';

export interface Items {
  /** Properties of the primary item; those that it lacks come from its tiles. */
  readonly properties: readonly Box[];
  /** First extent of the primary item, if it lies in the file. */
  readonly data: Uint8Array | undefined;
  /** Whether all extents of all items lie within the file. */
  readonly complete: boolean;
}

interface Piece {
  readonly from: number;
  readonly to: number;
}

/** @returns undefined if there is no primary item */
export function readItems(file: Bytes, meta: Box): Items | undefined {
  const boxes = readBoxes(file, meta.from + 4, meta.to);
  const pitm = findBox(file, boxes, 'pitm');
  if (!pitm) return undefined;
  const id = file.u8(pitm.from) === 0 ? file.u16(pitm.from + 4) : file.u32(pitm.from + 4);
  const pieces = readPieces(file, findBox(file, boxes, 'iloc'));
  const [first] = pieces.get(id) ?? [];
  return {
    properties: readProperties(file, boxes, id),
    data: first && first.to <= file.length ? file.data.subarray(first.from, first.to) : undefined,
    complete: [...pieces.values()].flat().every(({ to }) => to <= file.length),
  };
}

/** Extents of each item whose data lies in the file itself. */
function readPieces(file: Bytes, iloc: Box | undefined): Map<number, Piece[]> {
  const pieces = new Map<number, Piece[]>();
  if (!iloc) return pieces;
  const version = file.u8(iloc.from);
  const sizes = file.u16(iloc.from + 4);
  const [offsetBytes, lengthBytes] = [sizes >> 12, (sizes >> 8) & 15];
  const [baseBytes, indexBytes] = [(sizes >> 4) & 15, version === 0 ? 0 : sizes & 15];
  let at = iloc.from + 6;
  const take = (bytes: number): number => {
    at += bytes;
    if (bytes === 0) return 0;
    if (bytes === 8) return file.u64(at - 8);
    return bytes === 4 ? file.u32(at - 4) : file.u16(at - 2);
  };
  const count = take(version < 2 ? 2 : 4);
  for (let i = 0; i < count; i++) {
    const id = take(version < 2 ? 2 : 4);
    const method = version === 0 ? 0 : take(2) & 15;
    take(2);
    const base = take(baseBytes);
    const extents = take(2);
    const found: Piece[] = [];
    for (let j = 0; j < extents; j++) {
      take(indexBytes);
      const from = base + take(offsetBytes);
      found.push({ from, to: from + take(lengthBytes) });
    }
    if (method === 0) pieces.set(id, found);
  }
  return pieces;
}

function readProperties(file: Bytes, boxes: readonly Box[], id: number): Box[] {
  const iprp = findBox(file, boxes, 'iprp');
  const ipco = findBox(file, boxes, 'iprp', 'ipco');
  if (!iprp || !ipco) return [];
  const all = readBoxes(file, ipco.from, ipco.to);
  const associations = readBoxes(file, iprp.from, iprp.to)
    .filter(({ name }) => name === 'ipma')
    .flatMap((ipma) => readAssociations(file, ipma));
  const of = (item: number) =>
    associations
      .filter((association) => association.item === item)
      .flatMap(({ index }) => all[index - 1] ?? []);
  const own = of(id);
  const [tile] = readReferences(file, boxes, id);
  const ofTile = tile === undefined ? [] : of(tile);
  const lent = ofTile.filter(
    ({ name }) => ['av1C', 'colr'].includes(name) && own.every((box) => box.name !== name),
  );
  return [...own, ...lent];
}

function readAssociations(file: Bytes, ipma: Box): { item: number; index: number }[] {
  const associations: { item: number; index: number }[] = [];
  const [version, flags] = [file.u8(ipma.from), file.u24(ipma.from + 1)];
  const isWide = (flags & 1) !== 0;
  const count = file.u32(ipma.from + 4);
  let at = ipma.from + 8;
  for (let i = 0; i < count; i++) {
    const item = version < 1 ? file.u16(at) : file.u32(at);
    at += version < 1 ? 2 : 4;
    const properties = file.u8(at++);
    for (let j = 0; j < properties; j++) {
      associations.push({ item, index: isWide ? file.u16(at) & 0x7fff : file.u8(at) & 0x7f });
      at += isWide ? 2 : 1;
    }
  }
  return associations;
}

/** Ids of the items that an item is composed of (`dimg`). */
function readReferences(file: Bytes, boxes: readonly Box[], id: number): number[] {
  const iref = findBox(file, boxes, 'iref');
  if (!iref) return [];
  const bytes = file.u8(iref.from) === 0 ? 2 : 4;
  const read = (at: number) => (bytes === 2 ? file.u16(at) : file.u32(at));
  return readBoxes(file, iref.from + 4, iref.to)
    .filter(({ name, from }) => name === 'dimg' && read(from) === id)
    .flatMap(({ from }) => {
      const count = file.u16(from + bytes);
      return Array.from({ length: count }, (_, i) => read(from + bytes + 2 + i * bytes));
    });
}
