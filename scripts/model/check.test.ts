import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkSchema } from '../../lib/shared/model/check';
import { check } from './check';
import { contextOf, copyBare, copyShipped, makeFolder } from './testing';
import { classifierOnnx } from '@/harness/models/classifier';
import { configOf, writeModel } from '@/harness/models/folders';

let models: string;

beforeAll(async () => {
  models = await makeFolder();
  return () => rm(models, { recursive: true });
});

/** Sets part of the weights to 0: the model still runs, but answers differently. */
async function writeOtherModel(from: string, to: string): Promise<void> {
  const bytes = await readFile(from);
  bytes.fill(0, Math.floor(bytes.length * 0.6), Math.floor(bytes.length * 0.7));
  await writeFile(to, bytes);
}

describe('check', () => {
  let printed: string;
  let folder: string;

  beforeAll(async () => {
    folder = await copyBare(models, 'with-variants');
    const onnx = (name: string) => path.join(folder, 'onnx', name);
    await copyFile(onnx('model.onnx'), onnx('model_fp16.onnx'));
    await writeOtherModel(onnx('model.onnx'), onnx('model_quantized.onnx'));
    await writeFile(onnx('model_q4.onnx'), 'no model');
    const context = contextOf(models);
    await check.run(context, ['with-variants'], {});
    printed = context.printed();
  });

  test('tells input, outputs, size and that both runtimes agree', () => {
    expect(printed).toContain('pixel_values [any, 3, 64, 64]');
    expect(printed).toContain('logits [any, 200], one value a class');
    expect(printed).toContain('onnx/model.onnx, 8.7 MB');
    expect(printed).toMatch(/espresso\.png +95\.5 % +espresso/);
    expect(printed).toContain('with-variants holds in both runtimes.');
  });

  test('writes which variants agree with the full model, and leaves nothing else behind', async () => {
    const text = await readFile(path.join(folder, 'check.json'), 'utf8');
    const { variants, modelSha256 } = checkSchema.parse(JSON.parse(text));
    expect(modelSha256).toMatch(/^71b9a56b3a2d/);
    const verdicts = variants.map(({ file, agrees }) => [file, agrees]);
    expect(verdicts).toEqual([
      ['onnx/model_fp16.onnx', true],
      ['onnx/model_q4.onnx', false],
      ['onnx/model_quantized.onnx', false],
    ]);
    expect(variants[0]!.maxScoreDifference).toBeLessThan(0.0001);
    expect(variants[2]!.maxScoreDifference).toBeGreaterThan(0.02);
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('check refuses in one sentence', () => {
  test('an id that is not installed', async () => {
    await expect(check.run(contextOf(models), ['nobody'], {})).rejects.toThrow(
      `There is no model "nobody" in ${models}. Installed: `,
    );
  });

  test('a file that is no model', async () => {
    const folder = await copyShipped(models, 'no-onnx');
    await writeFile(path.join(folder, 'onnx/model.onnx'), 'no model');
    await expect(check.run(contextOf(models), ['no-onnx'], {})).rejects.toThrow(/no-onnx .*\.$/);
  });

  test('labels that do not fit the output', async () => {
    const folder = await copyShipped(models, 'three-labels');
    const config = JSON.stringify({ id2label: { 0: 'a', 1: 'b', 2: 'c' } });
    await writeFile(path.join(folder, 'config.json'), config);
    await expect(check.run(contextOf(models), ['three-labels'], {})).rejects.toThrow(
      /expected the graph to output 3 classes.* outputs 200/,
    );
  });
});

test('is compared with scores that another framework gave', async () => {
  await writeModel(path.join(models, 'tags'), {
    config: { ...configOf(3), problem_type: 'multi_label_classification' },
    preprocessor: { size: 64, do_normalize: false },
    onnx: classifierOnnx({ classes: 3, seed: 3 }),
  });
  const file = path.join(models, 'expected.json');
  const write = (scores: object) =>
    writeFile(
      file,
      JSON.stringify({ pictures: [{ file: path.resolve('public/samples/cat.png'), scores }] }),
    );
  await write({ 'kind 1': 5 });
  const context = contextOf(models);
  await expect(check.run(context, ['tags'], { expect: file })).rejects.toThrow(
    'tags does not give the scores that are expected of it',
  );
  const received = /kind 1: expected 5\.00000, received (\S+)/.exec(context.printed())?.[1];
  await write({ 'kind 1': Number(received) });
  await check.run(contextOf(models), ['tags'], { expect: file });
  await write({ nothing: 1 });
  await expect(check.run(contextOf(models), ['tags'], { expect: file })).rejects.toThrow(
    'by the model\'s labels, received "nothing"',
  );
});
