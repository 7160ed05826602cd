/** Reads protocol buffers field by field, so that unknown fields can be copied unchanged. */
import { PbfReader, PbfWriter } from 'pbf';

const LENGTH_DELIMITED = 2;

export interface Field {
  readonly number: number;
  /** The field with key and length, for copying. */
  readonly bytes: Uint8Array;
  /** The content of a message, string, bytes or packed field; empty for others. */
  readonly content: Uint8Array;
  /** The value of a numeric field. */
  readonly value: number;
}

/** @throws Error if the bytes are not a message */
export function fieldsOf(bytes: Uint8Array): Field[] {
  const reader = new PbfReader(bytes);
  const fields: Field[] = [];
  while (reader.pos < bytes.length) {
    const start = reader.pos;
    const key = reader.readVarint();
    const valueAt = reader.pos;
    const type = key & 7;
    const content = type === LENGTH_DELIMITED ? reader.readBytes() : NOTHING;
    const value = type === 0 ? reader.readVarint(true) : 0;
    reader.pos = valueAt;
    reader.skip(key);
    if (reader.pos > bytes.length) throw new RangeError(`a field ends after byte ${bytes.length}`);
    fields.push({ number: key >>> 3, bytes: bytes.subarray(start, reader.pos), content, value });
  }
  return fields;
}

const NOTHING = new Uint8Array(0);

export function contentsOf(fields: readonly Field[], number: number): Uint8Array[] {
  return fields.filter((field) => field.number === number).map(({ content }) => content);
}

export function textsOf(fields: readonly Field[], number: number): string[] {
  return contentsOf(fields, number).map((content) => new TextDecoder().decode(content));
}

/** Integers, either one per field or many packed into one. */
export function numbersOf(fields: readonly Field[], number: number): number[] {
  return fields
    .filter((field) => field.number === number)
    .flatMap(({ content, value }) => {
      if (content.length === 0) return [value];
      const reader = new PbfReader(content);
      const numbers: number[] = [];
      while (reader.pos < content.length) numbers.push(reader.readVarint(true));
      return numbers;
    });
}

export function message(write: (writer: PbfWriter) => void): Uint8Array {
  const writer = new PbfWriter();
  write(writer);
  return writer.finish();
}

export function bytesField(number: number, content: Uint8Array): Uint8Array {
  return message((writer) => writer.writeBytesField(number, content));
}
