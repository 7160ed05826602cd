/** Reads boxes of the ISO base media file format (ISO/IEC 14496-12, 4.2). */
import type { Bytes } from './bytes';

export interface Box {
  readonly name: string;
  /**
   * Start and end of the content. In a truncated file, the end may lie beyond the end of the file.
   */
  readonly from: number;
  readonly to: number;
}

/** The consecutive boxes between two offsets. */
export function readBoxes(file: Bytes, from: number, to: number): Box[] {
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= Math.min(to, file.length);) {
    const size = file.u32(at);
    const header = size === 1 ? 16 : 8;
    const length = size === 1 ? file.u64(at + 8) : size === 0 ? to - at : size;
    if (length < header) break;
    boxes.push({ name: file.name(at + 4), from: at + header, to: at + length });
    at += length;
  }
  return boxes;
}

/** The box at a path of names, starting from these boxes; undefined if there is none. */
export function findBox(file: Bytes, boxes: readonly Box[], ...path: string[]): Box | undefined {
  const [name, ...rest] = path;
  const box = boxes.find((one) => one.name === name);
  if (!box || rest.length === 0) return box;
  return findBox(file, readBoxes(file, box.from + headerBytes(box.name), box.to), ...rest);
}

/** Bytes of version, flags and counts before the inner boxes. */
function headerBytes(name: string): number {
  return name === 'meta' ? 4 : name === 'stsd' ? 8 : 0;
}
