import { expect, test } from 'vitest';
import { configOf } from './config';

const model = (shape: number[]) => ({
  name: 'm',
  versions: ['1'],
  platform: 'onnxruntime_onnx',
  inputs: [
    { name: 'pixel_values', datatype: 'FP32' as const, shape },
    { name: 'image', datatype: 'BYTES' as const, shape: [-1] },
  ],
  outputs: [{ name: 'probabilities', datatype: 'FP32' as const, shape: [-1, 10] }],
});

test('a batch whose size is free stands in max_batch_size, not in the dims', () => {
  expect(configOf(model([-1, 3, 64, 64]))).toEqual({
    name: 'm',
    platform: 'onnxruntime_onnx',
    backend: 'onnxruntime',
    max_batch_size: 32,
    input: [
      { name: 'pixel_values', data_type: 'TYPE_FP32', dims: [3, 64, 64], optional: true },
      { name: 'image', data_type: 'TYPE_STRING', dims: [1], optional: true },
    ],
    output: [{ name: 'probabilities', data_type: 'TYPE_FP32', dims: [10] }],
  });
});

test('a batch that is fixed stands in the dims', () => {
  const config = configOf(model([1, 3, 64, 64]));
  expect(config.max_batch_size).toBe(0);
  expect(config.input.map(({ dims }) => dims)).toEqual([[1, 3, 64, 64], [-1]]);
});
