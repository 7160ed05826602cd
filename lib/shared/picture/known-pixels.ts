const SIDE = 16;

/** Opaque pixels for a canvas of 16 × 16, no two neighbours alike. */
export function knownPixels(): Uint8ClampedArray<ArrayBuffer> {
  const data = new Uint8ClampedArray(SIDE * SIDE * 4);
  for (let i = 0; i < SIDE * SIDE; i++) data.set([i, 255 - i, (i * 7) % 256, 255], i * 4);
  return data;
}

export const KNOWN_SIDE = SIDE;

/** Some browsers add noise to what is read from a canvas, against tracking. */
export function areKnownPixels(data: Uint8ClampedArray): boolean {
  const known = knownPixels();
  return data.length === known.length && known.every((value, i) => data[i] === value);
}
