import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { readModelFolder } from '../../lib/server/models/folder';
import { checkSchema } from '../../lib/shared/model/check';
import { shrink } from './shrink';
import { contextOf, copyBare, makeFolder, SHIPPED, type TestContext } from './testing';
import { shrinkModel, type Shrunk } from './shrink/graph';
import { bytesField, contentsOf, fieldsOf, message, textsOf } from './shrink/message';
import { readTensor } from './shrink/tensor';

let models: string;
let whole: Buffer;
let shrunk: Record<16 | 8, Shrunk>;

beforeAll(async () => {
  models = await makeFolder();
  whole = await readFile(path.join(SHIPPED, 'onnx/model.onnx'));
  shrunk = { 16: shrinkModel(whole, 16), 8: shrinkModel(whole, 8) };
  return () => rm(models, { recursive: true });
});

/** Logits for one picture of noise. */
async function run(model: Uint8Array): Promise<Float32Array> {
  const session = await InferenceSession.create(model);
  const noise = Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => Math.sin(i * i));
  const { logits } = await session.run({
    pixel_values: new Tensor('float32', noise, [1, 3, 64, 64]),
  });
  await session.release();
  return logits!.data as Float32Array;
}

describe('shrink', () => {
  let folder: string;
  let context: TestContext;

  beforeAll(async () => {
    folder = await copyBare(models, 'steep');
    // Scores ten times as far apart: now the error of 8 bits is too large, but that of 16 bits is
    // not.
    const evaluation = path.join(folder, 'evaluation.json');
    const measured = JSON.parse(await readFile(evaluation, 'utf8')) as Record<string, object>;
    measured.calibration = { ...measured.calibration, temperature: 0.1 };
    await writeFile(evaluation, JSON.stringify(measured));
    context = contextOf(models);
    await shrink.run(context, ['steep'], {});
  });

  test('keeps what agrees, and tells check.json and browsers', async () => {
    const note = await readFile(path.join(folder, 'check.json'), 'utf8');
    const { variants } = checkSchema.parse(JSON.parse(note));
    expect(variants).toMatchObject([{ file: 'onnx/model_fp16.onnx', agrees: true }]);
    expect(variants[0]!.maxScoreDifference).toBeLessThan(0.02);
    expect(variants[0]!.bytes).toBeLessThan(whole.length * 0.51);
    expect(context.printed()).toContain('onnx/model_fp16.onnx, 4.4 MB, is kept.');
    const { deviceFile } = await readModelFolder(folder, 'steep');
    expect(deviceFile.path).toBe('onnx/model_fp16.onnx');
  });

  test('removes what does not, and leaves nothing else behind', async () => {
    const printed = context.printed();
    expect(printed).toMatch(/model_int8\.onnx is removed: a probability differs by 0\.\d+/);
    expect(await readdir(path.join(folder, 'onnx'))).toEqual(['model.onnx', 'model_fp16.onnx']);
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('does not replace a file that came with the model', async () => {
    const folder = await copyBare(models, 'with-fp16');
    await writeFile(path.join(folder, 'onnx/model_fp16.onnx'), 'of somebody else');
    await expect(shrink.run(contextOf(models), ['with-fp16'], {})).rejects.toThrow(
      'with-fp16 has another onnx/model_fp16.onnx already: remove it first.',
    );
    const kept = await readFile(path.join(folder, 'onnx/model_fp16.onnx'), 'utf8');
    expect(kept).toBe('of somebody else');
  });

  test('says what is wrong with a file that is no model', async () => {
    const folder = await copyBare(models, 'broken');
    await writeFile(path.join(folder, 'onnx/model.onnx'), Buffer.alloc(64, 0xff));
    await expect(shrink.run(contextOf(models), ['broken'], {})).rejects.toThrow(
      /^broken cannot be made smaller: .*\.$/,
    );
  });
});

describe('shrinkModel', () => {
  test('keeps fields that it does not know, in the model, its graph and its tensors', () => {
    const unknown = bytesField(9_999, Buffer.from('from the future'));
    const parts = fieldsOf(whole).map((field) => {
      if (field.number !== 7) return field.bytes;
      const graph = fieldsOf(field.content).map((part) =>
        part.number === 5 ? bytesField(5, Buffer.concat([part.content, unknown])) : part.bytes,
      );
      return bytesField(7, Buffer.concat([...graph, unknown]));
    });
    const { model } = shrinkModel(Buffer.concat([...parts, unknown]), 16);
    const fields = fieldsOf(model);
    const graph = fieldsOf(contentsOf(fields, 7)[0]!);
    expect(textsOf(fields, 9_999)).toEqual(['from the future']);
    expect(textsOf(graph, 9_999)).toEqual(['from the future']);
    const tensors = contentsOf(graph, 5).map(fieldsOf);
    expect(tensors.length).toBeGreaterThan(20);
    expect(tensors.map((tensor) => textsOf(tensor, 9_999))).toEqual(
      tensors.map(() => ['from the future']),
    );
  });

  test.each([16, 8] as const)('in %i bits answers nearly as the whole model', async (bits) => {
    const { model, changed } = shrunk[bits];
    expect(changed).toBe(21);
    const [before, after] = [await run(whole), await run(model)];
    const difference = before.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - after[i]!)),
      0,
    );
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(bits === 16 ? 0.01 : 0.2);
    expect(model.length).toBeLessThan(whole.length * (bits === 16 ? 0.51 : 0.31));
  });

  test('keeps small tensors and the last layer at 16 bits', () => {
    const { model } = shrunk[8];
    const graph = fieldsOf(contentsOf(fieldsOf(model), 7)[0]!);
    const names = contentsOf(graph, 5).map((tensor) => readTensor(tensor).name);
    // The first convolution, and the layer that outputs the classes.
    expect(names).toEqual(expect.arrayContaining(['onnx::Conv_174/float16', 'w/float16']));
    expect(names).toContain('onnx::Conv_210/int8');
  });

  test('leaves a weight alone that callers can set', () => {
    const value = bytesField(
      11,
      message((writer) => writer.writeStringField(1, 'w')),
    );
    const joined = joinGraphs(Buffer.concat([whole, bytesField(7, value)]));
    expect(shrinkModel(joined, 16).changed).toBe(20);
  });

  test('refuses weights that lie in another file', () => {
    const tensor = message((writer) => {
      writer.writePackedVarint(1, [64, 64]);
      writer.writeVarintField(2, 1);
      writer.writeStringField(8, 'far');
      writer.writeVarintField(14, 1);
    });
    const model = bytesField(7, bytesField(5, tensor));
    expect(() => shrinkModel(model, 16)).toThrow(
      'expected weights in the file itself, but "far" lies beside it',
    );
  });
});

/** Protobuf merges two graph fields into one graph. */
function joinGraphs(model: Uint8Array): Uint8Array {
  const fields = fieldsOf(model);
  const graph = Buffer.concat(contentsOf(fields, 7));
  const others = fields.filter(({ number }) => number !== 7).map(({ bytes }) => bytes);
  return Buffer.concat([...others, bytesField(7, graph)]);
}
