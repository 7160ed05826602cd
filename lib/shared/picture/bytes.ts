/** Thrown if a header ends too early or contains impossible values. */
export class HeaderError extends Error {
  override readonly name = 'HeaderError';
}

/** Reads numbers and names at given offsets of a file. Throws a HeaderError beyond its end. */
export class Bytes {
  readonly length: number;
  readonly #view: DataView;

  constructor(readonly data: Uint8Array) {
    this.length = data.length;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  u8(at: number): number {
    return this.#view.getUint8(this.#checked(at, 1));
  }

  u16(at: number, littleEndian = false): number {
    return this.#view.getUint16(this.#checked(at, 2), littleEndian);
  }

  u24(at: number, littleEndian = false): number {
    const [high, low] = littleEndian ? [at + 2, at] : [at, at + 2];
    return (this.u8(high) << 16) | (this.u8(at + 1) << 8) | this.u8(low);
  }

  u32(at: number, littleEndian = false): number {
    return this.#view.getUint32(this.#checked(at, 4), littleEndian);
  }

  i32(at: number, littleEndian = false): number {
    return this.#view.getInt32(this.#checked(at, 4), littleEndian);
  }

  /** 64 bits, big-endian. Values above 2^53 are not exact, but still larger than any file. */
  u64(at: number): number {
    return this.u32(at) * 2 ** 32 + this.u32(at + 4);
  }

  /** An ASCII name; default length 4. */
  name(at: number, length = 4): string {
    this.#checked(at, length);
    return String.fromCharCode(...this.data.subarray(at, at + length));
  }

  /** Whether the file has this text at the offset; false beyond the end. */
  has(at: number, text: string): boolean {
    return at + text.length <= this.length && this.name(at, text.length) === text;
  }

  slice(from: number, to: number): Uint8Array {
    this.#checked(from, to - from);
    return this.data.subarray(from, to);
  }

  #checked(at: number, length: number): number {
    if (at >= 0 && length >= 0 && at + length <= this.length) return at;
    throw new HeaderError(`The header ends at byte ${this.length}, ${at + length} are needed.`);
  }
}
