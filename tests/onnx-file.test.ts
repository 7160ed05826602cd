/** Reading and writing ONNX files: names of any characters, files without their weights, broken ones. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readWithoutWeights } from '@/lib/server/models/graph-file';
import { withOutput, withoutZipMap } from '@/lib/shared/model/onnx-edit';
import { externalFiles, inputChannels, readOnnx } from '@/lib/shared/model/onnx-file';
import { findPoolingTail } from '@/lib/shared/model/pooling-tail';
import { classifierOnnx, classifierWithData } from '../harness/models/classifier';

describe('an ONNX file', () => {
  test('has names of any characters, also those that are written', () => {
    const onnx = classifierOnnx({ classes: 3, output: 'Wahrscheinlichkeit ß 名' });
    const names = readOnnx(withOutput(onnx, 'größe')).graph.outputs.map(({ name }) => name);
    expect(names).toEqual(['Wahrscheinlichkeit ß 名', 'größe']);
  });

  test('says what goes in and comes out', () => {
    const { inputs, outputs } = readOnnx(classifierOnnx({ classes: 3, height: 8 })).graph;
    expect(inputs[0]).toMatchObject({ name: 'pixel_values', type: 1, shape: [-1, 3, 8, -1] });
    expect(outputs[0]).toMatchObject({ name: 'logits', type: 1, shape: [-1, 3] });
  });

  test.each([
    [{ channels: 1 }, 1],
    [{ channels: 1, layout: 'nhwc' }, 1],
    [{ channels: 3, layout: 'nhwc' }, 3],
    [{ channels: 'channels' }, undefined],
  ] as const)('takes as many channels as it says: %j', (shape, channels) => {
    expect(inputChannels(readOnnx(classifierOnnx({ classes: 2, ...shape })).graph)).toBe(channels);
  });

  test('names the files of its weights', () => {
    const { onnx } = classifierWithData({ classes: 3, external: 'weights ä.bin' });
    expect(externalFiles(readOnnx(onnx).graph)).toEqual(['weights ä.bin']);
  });

  test('loses its map and keeps the rest', () => {
    const onnx = classifierOnnx({ classes: 2, zipMap: ['a', 'b'], output: 'loss' });
    const cut = readOnnx(withoutZipMap(onnx, 'raw_scores', ['loss'])).graph;
    expect(cut.outputs.map(({ name }) => name)).toEqual(['raw_scores']);
    expect([...cut.nodes.values()].some(({ operator }) => operator === 'ZipMap')).toBe(false);
    expect(cut.constants.size).toBe(readOnnx(onnx).graph.constants.size);
  });

  test('is read without its weights as with them, but for large ones', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sightline-onnx-'));
    const file = path.join(folder, 'model.onnx');
    for (const classes of [3, 5000]) {
      const onnx = classifierOnnx({ classes });
      await writeFile(file, onnx);
      const [whole, light] = [readOnnx(onnx).graph, readOnnx(await readWithoutWeights(file)).graph];
      expect(light.outputs).toEqual(whole.outputs);
      expect([...light.nodes]).toEqual([...whole.nodes]);
      // 12 features of 5,000 classes are 240 kB.
      expect(light.constants.has('matrix')).toBe(classes === 3);
    }
    await rm(folder, { recursive: true });
  });

  test.each([
    [[0x3a, 5, 1]],
    [[0x08]],
    [[0x08, ...Array<number>(11).fill(255)]],
    [[0x0b]],
    [[0x3a, ...Array<number>(9).fill(255), 1]],
  ])('that ends too early, or is none, is refused: %j', (bytes) => {
    expect(() => readOnnx(Uint8Array.from(bytes))).toThrow(RangeError);
    expect(findPoolingTail(Uint8Array.from(bytes))).toBeUndefined();
  });
});
