/** Reads the colours from the sequence header of AV1 (AV1 bitstream specification, 5.5). */

export interface Av1Colours {
  readonly monochrome: boolean;
  readonly primaries: number;
  readonly transfer: number;
  readonly limited: boolean;
}

const SEQUENCE_HEADER = 1;
const UNSPECIFIED = 2;
/** How many units are searched for the sequence header. */
const MAX_UNITS = 8;

/** Finds a sequence header among the first units; undefined if none can be read. */
export function readAv1Colours(bytes: Uint8Array): Av1Colours | undefined {
  let at = 0;
  for (let i = 0; i < MAX_UNITS && at < bytes.length; i++) {
    const header = bytes[at]!;
    const hasExtension = (header & 4) !== 0;
    const hasSize = (header & 2) !== 0;
    let from = at + (hasExtension ? 2 : 1);
    let length = bytes.length - from;
    if (hasSize) {
      const size = readLeb128(bytes, from);
      from += size.bytes;
      length = size.value;
    }
    if (((header >> 3) & 15) === SEQUENCE_HEADER)
      return readColours(new Bits(bytes.subarray(from, from + length)));
    at = from + length;
  }
  return undefined;
}

function readLeb128(bytes: Uint8Array, from: number): { value: number; bytes: number } {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[from + i] ?? 0;
    value += (byte & 127) * 2 ** (7 * i);
    if ((byte & 128) === 0) return { value, bytes: i + 1 };
  }
  return { value, bytes: 8 };
}

class Bits {
  #at = 0;
  constructor(private readonly bytes: Uint8Array) {}

  /** Bits after the end read as 0. */
  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.#at++) {
      value = value * 2 + (((this.bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1);
    }
    return value;
  }

  flag(): boolean {
    return this.read(1) === 1;
  }

  get isPastEnd(): boolean {
    return this.#at > this.bytes.length * 8;
  }
}

function readColours(bits: Bits): Av1Colours | undefined {
  const profile = bits.read(3);
  bits.read(1);
  const isReduced = bits.flag();
  if (isReduced) bits.read(5);
  else skipOperatingPoints(bits);
  const [widthBits, heightBits] = [bits.read(4) + 1, bits.read(4) + 1];
  bits.read(widthBits + heightBits);
  if (!isReduced && bits.flag()) bits.read(7);
  bits.read(3);
  if (!isReduced) skipTools(bits);
  bits.read(3);
  const colours = readColourConfig(bits, profile);
  return bits.isPastEnd ? undefined : colours;
}

function skipOperatingPoints(bits: Bits): void {
  let delayBits = 0;
  if (bits.flag()) {
    bits.read(64);
    if (bits.flag()) skipUvlc(bits);
    if (bits.flag()) {
      delayBits = bits.read(5) + 1;
      bits.read(42);
    }
  }
  const hasDelay = bits.flag();
  const points = bits.read(5) + 1;
  for (let i = 0; i < points; i++) {
    bits.read(12);
    if (bits.read(5) > 7) bits.read(1);
    if (delayBits > 0 && bits.flag()) bits.read(2 * delayBits + 1);
    if (hasDelay && bits.flag()) bits.read(4);
  }
}

function skipUvlc(bits: Bits): void {
  let zeros = 0;
  while (zeros < 32 && !bits.flag()) zeros++;
  if (zeros < 32) bits.read(zeros);
}

function skipTools(bits: Bits): void {
  bits.read(4);
  const hasOrderHint = bits.flag();
  if (hasOrderHint) bits.read(2);
  const forcesScreenContent = bits.flag() ? 2 : bits.read(1);
  if (forcesScreenContent > 0 && !bits.flag()) bits.read(1);
  if (hasOrderHint) bits.read(3);
}

function readColourConfig(bits: Bits, profile: number): Av1Colours {
  const isDeep = bits.flag();
  if (profile === 2 && isDeep) bits.read(1);
  const monochrome = profile !== 1 && bits.flag();
  const isDescribed = bits.flag();
  const [primaries, transfer, matrix] = isDescribed
    ? [bits.read(8), bits.read(8), bits.read(8)]
    : [UNSPECIFIED, UNSPECIFIED, UNSPECIFIED];
  const isFullByRule = !monochrome && primaries === 1 && transfer === 13 && matrix === 0;
  return { monochrome, primaries, transfer, limited: !isFullByRule && !bits.flag() };
}
