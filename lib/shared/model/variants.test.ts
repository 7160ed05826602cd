import { describe, expect, test } from 'vitest';
import { checkSchema, type Check } from './check';
import { smallestAgreeing } from './variants';

const file = (name: string, bytes: number, letter: string) => ({
  path: `onnx/${name}.onnx`,
  bytes,
  sha256: letter.repeat(64),
});

const model = file('model', 100, 'a');
const half = file('model_fp16', 50, 'b');
const quarter = file('model_quantized', 25, 'c');
const files = [model, half, quarter];

function check(halfAgrees: boolean, quarterAgrees: boolean): Check {
  const found = { maxScoreDifference: 0.001, sameTop1: true };
  return checkSchema.parse({
    schema: 1,
    modelSha256: model.sha256,
    variants: [
      { file: half.path, sha256: half.sha256, bytes: half.bytes, ...found, agrees: halfAgrees },
      {
        file: quarter.path,
        sha256: quarter.sha256,
        bytes: quarter.bytes,
        ...found,
        agrees: quarterAgrees,
      },
    ],
    checkedAt: '2026-01-31T12:00:00.000Z',
  });
}

describe('smallestAgreeing', () => {
  test.each([
    ['both agree', check(true, true), quarter],
    ['the smaller does not agree', check(true, false), half],
    ['none agrees', check(false, false), model],
    ['nothing was checked', undefined, model],
    ['another model was checked', { ...check(true, true), modelSha256: 'd'.repeat(64) }, model],
  ])('%s', (_, found, expected) => {
    expect(smallestAgreeing(model, files, found)).toBe(expected);
  });

  test('a variant that was replaced since is not taken', () => {
    const replaced = { ...quarter, sha256: 'e'.repeat(64) };
    expect(smallestAgreeing(model, [model, half, replaced], check(true, true))).toBe(half);
  });
});
