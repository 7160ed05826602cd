import { f16round, getFloat16 } from '@petamoriken/float16';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHalves, toInt8 } from './quantize';

const weights = fc
  .record({ channels: fc.integer({ min: 1, max: 6 }), length: fc.integer({ min: 1, max: 90 }) })
  .chain(({ channels, length }) =>
    fc
      .float32Array({
        minLength: channels * length,
        maxLength: channels * length,
        min: -4,
        max: 4,
        noNaN: true,
      })
      .map((values) => ({ values, length })),
  );

describe('toInt8', () => {
  test('gives each weight within a fifth of the range of its block, in whole steps', () => {
    fc.assert(
      fc.property(weights, ({ values, length }) => {
        const blocks = toInt8(values, length);
        expect(length % blocks.length).toBe(0);
        expect(blocks.length).toBeLessThanOrEqual(32);
        values.forEach((weight, i) => {
          const block = Math.floor(i / blocks.length);
          const members = values.subarray(block * blocks.length, (block + 1) * blocks.length);
          const range = members.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
          const scale = blocks.scales[block]!;
          expect(f16round(scale)).toBe(scale);
          // At most a fifth is clipped; the scale is rounded to a 16-bit float.
          expect(Math.abs(blocks.values[i]! * scale - weight)).toBeLessThanOrEqual(
            range * 0.21 + 1e-5,
          );
        });
      }),
    );
  });

  test('is exact for whole steps of a scale', () => {
    const values = Float32Array.from({ length: 64 }, (_, i) => (((i * 4) % 255) - 127) / 128);
    values[0] = values[32] = 127 / 128;
    const { values: steps, scales } = toInt8(values, 64);
    expect([...scales]).toEqual([1 / 128, 1 / 128]);
    expect(Float32Array.from(steps, (step) => step / 128)).toEqual(values);
  });

  test('gives zeros for zeros', () => {
    expect([...toInt8(new Float32Array(4), 4).values]).toEqual([0, 0, 0, 0]);
  });
});

describe('toHalves', () => {
  test('rounds to the nearest', () => {
    const values = Float32Array.of(0, 1, 1 / 3, -65_504);
    const bytes = toHalves(values)!;
    const view = new DataView(bytes.buffer);
    const read = [...values].map((_, i) => getFloat16(view, i * 2, true));
    expect(read).toEqual([0, 1, 0.333251953125, -65_504]);
  });

  test('refuses what 16 bits do not hold', () => {
    expect(toHalves(Float32Array.of(1, 70_000))).toBe(undefined);
  });
});
