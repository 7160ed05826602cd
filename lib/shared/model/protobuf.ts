/** Reads and writes as much of protocol buffers as finding one's way in an ONNX file takes. */

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** A number, or the bytes of anything else. */
type Value = bigint | Uint8Array;

/** The values of a message by the number of their field, as views of its bytes. */
export type Message = ReadonlyMap<number, readonly Value[]>;

/** @throws RangeError of what is no message */
export function readMessage(bytes: Uint8Array): Message {
  const fields = new Map<number, Value[]>();
  let at = 0;
  while (at < bytes.length) {
    const [key, valueAt] = readVarint(bytes, at);
    const [value, next] = readValue(bytes, valueAt, Number(key & 7n));
    const field = Number(key >> 3n);
    const values = fields.get(field);
    if (values) values.push(value);
    else fields.set(field, [value]);
    at = next;
  }
  return fields;
}

function readValue(bytes: Uint8Array, at: number, wireType: number): [Value, number] {
  if (wireType === VARINT) return readVarint(bytes, at);
  const [length, start] = wireType === LENGTH_DELIMITED ? readVarint(bytes, at) : [0n, at];
  const size = { [FIXED_64]: 8, [FIXED_32]: 4, [LENGTH_DELIMITED]: Number(length) }[wireType];
  const end = start + (size ?? NaN);
  if (!(end >= start && end <= bytes.length)) throw new RangeError(`no field at ${at}`);
  return [bytes.subarray(start, end), end];
}

/** Negative numbers take ten bytes. */
function readVarint(bytes: Uint8Array, start: number): [bigint, number] {
  let value = 0n;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) break;
    value |= BigInt(byte & 127) << BigInt(7 * i);
    if (byte < 128) return [BigInt.asIntN(64, value), start + i + 1];
  }
  throw new RangeError(`no number at ${start}`);
}

/** The values of a field that are bytes. */
export function bytesOf(message: Message, field: number): Uint8Array[] {
  return (message.get(field) ?? []).filter((value) => typeof value !== 'bigint');
}

export function messagesOf(message: Message, field: number): Message[] {
  return bytesOf(message, field).map(readMessage);
}

/** One character a byte, which is right of ASCII. */
export function textsOf(message: Message, field: number): string[] {
  return bytesOf(message, field).map((bytes) =>
    Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''),
  );
}

/** Whole numbers, one a value or many packed into one. */
export function numbersOf(message: Message, field: number): number[] {
  return (message.get(field) ?? []).flatMap((value) => {
    if (typeof value === 'bigint') return [Number(value)];
    const numbers: number[] = [];
    for (let at = 0; at < value.length;) {
      const [number, next] = readVarint(value, at);
      numbers.push(Number(number));
      at = next;
    }
    return numbers;
  });
}

/** One field of a message, with bytes in it. */
export function fieldBytes(field: number, content: Uint8Array): Uint8Array {
  const head = [...varint(field * 8 + LENGTH_DELIMITED), ...varint(content.length)];
  return concatenated(Uint8Array.from(head), content);
}

export function concatenated(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}
