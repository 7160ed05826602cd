const SIDE = 16;

/** Opaque test pixels for a canvas of 16 × 16; neighbours always differ. */
export function knownPixels(): Uint8ClampedArray<ArrayBuffer> {
  const data = new Uint8ClampedArray(SIDE * SIDE * 4);
  for (let i = 0; i < SIDE * SIDE; i++) data.set([i, 255 - i, (i * 7) % 256, 255], i * 4);
  return data;
}

export const KNOWN_SIDE = SIDE;

/**
 * Whether a canvas returned the test pixels unchanged. Some browsers add noise against tracking.
 */
export function areKnownPixels(data: Uint8ClampedArray): boolean {
  const known = knownPixels();
  return data.length === known.length && known.every((value, i) => data[i] === value);
}
