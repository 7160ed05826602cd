import { describe, expect, test } from 'vitest';
import type { Preprocessing } from '../../model/preprocessing';
import { imageToTensor, seenArea } from '../tensor';
import { classActivationMap } from './class-activation';
import { toExplanation } from './heat-map';
import { occlusionMap, type Occlusion } from './occlusion';
import { shareWithin, whereItLies } from './words';

const WHOLE = { left: 0, top: 0, width: 1, height: 1 };
const SIDE = 32;

const preprocessing: Preprocessing = {
  resize: { kind: 'exact', width: SIDE, height: SIDE, filter: 'bilinear' },
  crop: null,
  rescaleFactor: 1 / 255,
  normalization: { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
};

/** White in one quarter, grey elsewhere. */
function quarterPicture(column: 0 | 1, row: 0 | 1) {
  const data = new Uint8Array(SIDE * SIDE * 3).fill(128);
  for (let y = 0; y < SIDE / 2; y++) {
    const from = ((y + (row * SIDE) / 2) * SIDE + (column * SIDE) / 2) * 3;
    data.fill(255, from, from + (SIDE / 2) * 3);
  }
  return { data, width: SIDE, height: SIDE, channels: 3 } as const;
}

/** Two classes: the first logit is the picture's whiteness, the second is 0. */
function whiteness(sizes: number[]): Occlusion['run'] {
  return (data, dims) => {
    const [count = 0] = dims;
    sizes.push(count);
    const size = data.length / count;
    const logits = Array.from({ length: count }, (_, i) => [
      data.subarray(i * size, (i + 1) * size).reduce((sum, value) => sum + value, 0) / size,
      0,
    ]);
    return Promise.resolve(Float32Array.from(logits.flat()));
  };
}

function occlusion(column: 0 | 1, row: 0 | 1, sizes: number[] = []): Occlusion {
  const tensor = imageToTensor(quarterPicture(column, row), preprocessing);
  return {
    tensor,
    preprocessing,
    head: { kind: 'single-label' },
    index: 0,
    temperature: 1,
    batch: 7,
    run: whiteness(sizes),
  };
}

describe('occlusion', () => {
  test.each([
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const)('finds the quarter %d, %d that decides', async (column, row) => {
    const grid = await occlusionMap(occlusion(column, row));
    const map = toExplanation('occlusion', 0, grid, WHOLE);
    const [left, top] = [column / 2, row / 2];
    expect(shareWithin(map, left, top, left + 0.5, top + 0.5)).toBeGreaterThan(0.75);
    expect(Math.max(...map.values)).toBe(1);
  });

  test('asks in batches, and one by one of a model that takes no batches', async () => {
    const sizes: number[] = [];
    await occlusionMap(occlusion(0, 0, sizes));
    expect(sizes).toEqual([1, 7, 7, 7, 7, 7, 7, 7]);
    const single: number[] = [];
    await occlusionMap({ ...occlusion(0, 0, single), batch: 1 });
    expect(single).toHaveLength(50);
    expect(new Set(single)).toEqual(new Set([1]));
  });

  test('tells how far it is, and ends when that throws', async () => {
    const told: string[] = [];
    const onProgress = (done: number, total: number) => {
      told.push(`${done} of ${total}`);
      if (done === 14) throw new Error('enough');
    };
    await expect(occlusionMap({ ...occlusion(0, 0), onProgress })).rejects.toThrow('enough');
    expect(told).toEqual(['7 of 49', '14 of 49']);
  });
});

describe('class activations', () => {
  test('are of the class asked for, less what all classes share', () => {
    const data = Float32Array.of(1, 5, 2, 4, 3, 5, 2, 0);
    const grid = classActivationMap({ data, dims: [1, 2, 2, 2] }, 1);
    expect([...Array.from(grid.values)]).toEqual([1, 0, 0, -2]);
  });

  test('are refused in another shape, or without the class', () => {
    const data = new Float32Array(4);
    expect(() => classActivationMap({ data, dims: [1, 4] }, 0)).toThrow('[1, 4]');
    expect(() => classActivationMap({ data, dims: [1, 1, 2, 2] }, 1)).toThrow('class 1');
  });
});

describe('the map of a picture', () => {
  const grid = { width: 2, height: 2, values: [4, -1, 2, 0] };

  test('is the grid itself where the model sees all of it, the strongest place 1', () => {
    expect(toExplanation('occlusion', 3, grid, WHOLE)).toEqual({
      method: 'occlusion',
      index: 3,
      width: 2,
      height: 2,
      values: [1, 0, 0.5, 0],
    });
  });

  test('has nothing where the model does not look', () => {
    const area = seenArea(
      { width: 200, height: 100 },
      { ...preprocessing, resize: null, crop: { width: 100, height: 100 } },
    );
    expect(area).toEqual({ left: 0.25, top: 0, width: 0.5, height: 1 });
    const { width, height, values } = toExplanation('occlusion', 0, grid, area);
    expect([width, height]).toEqual([4, 2]);
    expect(values).toEqual([0, 1, 0, 0, 0, 0.5, 0, 0]);
  });

  test('is empty where nothing speaks for the label', () => {
    const none = { width: 1, height: 1, values: [-2] };
    expect(toExplanation('occlusion', 0, none, WHOLE).values).toEqual([0]);
  });
});

describe('in words', () => {
  const map = (values: number[], width = 2, height = 2) =>
    ({ method: 'occlusion', index: 0, width, height, values }) as const;

  test.each([
    [[1, 0, 0, 0], /^The upper left decides: 100 %/],
    [[0, 0, 0.2, 0.8], /^The lower right decides: 80 %/],
    [[0.4, 0.4, 0.1, 0.1], /^The upper half decides: 80 %/],
    [[1, 1, 1, 1], /^No part decides/],
    [[0, 0, 0, 0], /^Nothing in the picture speaks/],
  ])('%j', (values, words) => {
    expect(whereItLies(map(values))).toMatch(words);
  });
});
