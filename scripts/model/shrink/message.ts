/** Protocol buffers field by field: what is not looked at is copied as it stands. */
import { PbfReader, PbfWriter } from 'pbf';

const LENGTH_DELIMITED = 2;

export interface Field {
  readonly number: number;
  /** With key and length, to be copied. */
  readonly bytes: Uint8Array;
  /** Of messages, texts, bytes and packed numbers; of others nothing. */
  readonly content: Uint8Array;
  /** Of a number. */
  readonly value: number;
}

/** @throws Error of what is no message */
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

/** Whole numbers, one a field or many packed into one. */
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
