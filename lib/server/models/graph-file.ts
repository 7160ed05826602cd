/** Reads an ONNX file without its weights, which may be gigabytes. */
import { open, type FileHandle } from 'node:fs/promises';
import { KIND_BYTES, otherKind } from '@/lib/shared/model/file-kind';

const MODEL = { graph: 7 } as const;
const GRAPH = { initializer: 5 } as const;
const LENGTH_DELIMITED = 2;

/** Larger fields contain weights; names, shapes and locations of weights are smaller. */
const LARGEST_KEPT = 1024 * 1024;
const LARGEST_WEIGHTS = 64 * 1024;
const CHUNK = 64 * 1024;
/** A key and a length are varints of at most 10 bytes each. */
const LONGEST_HEAD = 20;

interface Field {
  readonly field: number;
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
}

/**
 * The same model with every large constant left out. What is no protocol buffer comes as it is, for
 * who reads it to refuse.
 */
export async function readWithoutWeights(file: string): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const reader = new ChunkReader(handle, size);
    const parts: Uint8Array[] = [];
    for (let at = 0; at < size;) {
      const field = await reader.fieldAt(at, size);
      if (!field) return await reader.bytes(0, Math.min(size, CHUNK));
      if (field.field === MODEL.graph) parts.push(...(await graphWithoutWeights(reader, field)));
      else if (field.end - field.start <= LARGEST_KEPT) {
        parts.push(await reader.bytes(field.start, field.end));
      }
      at = field.end;
    }
    return Buffer.concat(parts);
  } finally {
    await handle.close();
  }
}

/** @returns what a file is that is no ONNX model, and what to do; undefined where it may be one */
export async function otherKindOf(
  file: string,
  kindOf: typeof otherKind = otherKind,
): Promise<string | undefined> {
  const handle = await open(file);
  try {
    const head = Buffer.alloc(KIND_BYTES);
    const { bytesRead } = await handle.read(head, 0, KIND_BYTES, 0);
    return kindOf(head.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** Each field as a graph of its own: graphs in a row are read as one. */
async function graphWithoutWeights(
  reader: ChunkReader,
  { contentStart, end }: Field,
): Promise<Uint8Array[]> {
  const kept: Uint8Array[] = [];
  for (let at = contentStart; at < end;) {
    const field = await reader.fieldAt(at, end);
    // Not a field: the bytes are kept, and the parser reports the error.
    if (!field) return [await reader.bytes(at, Math.min(end, at + CHUNK))];
    const limit = field.field === GRAPH.initializer ? LARGEST_WEIGHTS : LARGEST_KEPT;
    if (field.end - field.start <= limit) kept.push(await reader.bytes(field.start, field.end));
    at = field.end;
  }
  const content = Buffer.concat(kept);
  const key = Buffer.from([MODEL.graph * 8 + LENGTH_DELIMITED]);
  return [key, varint(content.byteLength), content];
}

class ChunkReader {
  readonly #handle: FileHandle;
  readonly #size: number;
  #chunk = Buffer.alloc(0);
  #chunkStart = 0;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  /** @returns undefined for what is no field, or one that ends after its message */
  async fieldAt(start: number, messageEnd: number): Promise<Field | undefined> {
    const head = await this.bytes(start, Math.min(this.#size, start + LONGEST_HEAD));
    const key = readVarint(head, 0);
    if (!key) return undefined;
    const [tag, contentAt] = key;
    const end = endOfField(head, tag % 8, contentAt);
    if (!end || start + end.end > messageEnd) return undefined;
    return {
      field: Math.floor(tag / 8),
      start,
      contentStart: start + end.contentStart,
      end: start + end.end,
    };
  }

  async bytes(start: number, end: number): Promise<Uint8Array> {
    const isHere = start >= this.#chunkStart && end <= this.#chunkStart + this.#chunk.byteLength;
    if (!isHere) {
      const length = Math.min(this.#size - start, Math.max(CHUNK, end - start));
      this.#chunk = Buffer.alloc(length);
      this.#chunkStart = start;
      await this.#handle.read(this.#chunk, 0, length, start);
    }
    return this.#chunk.subarray(start - this.#chunkStart, end - this.#chunkStart);
  }
}

function endOfField(
  head: Uint8Array,
  wireType: number,
  at: number,
): { contentStart: number; end: number } | undefined {
  if (wireType === 1) return { contentStart: at, end: at + 8 };
  if (wireType === 5) return { contentStart: at, end: at + 4 };
  const value = readVarint(head, at);
  if (!value) return undefined;
  const [length, contentStart] = value;
  if (wireType === 0) return { contentStart: at, end: contentStart };
  return wireType === LENGTH_DELIMITED ? { contentStart, end: contentStart + length } : undefined;
}

function readVarint(bytes: Uint8Array, start: number): [value: number, next: number] | undefined {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) return undefined;
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return [value, start + i + 1];
  }
  return undefined;
}

function varint(value: number): Buffer {
  const bytes = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
