/** Numbers from 0 to below 1. */
export type Random = () => number;

const INCREMENT = 0x9e3779b9;
const TWO_TO_32 = 2 ** 32;

/** A generator whose seed gives the same numbers in every run: SplitMix32. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + INCREMENT) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / TWO_TO_32;
  };
}
