import { expect, test } from 'vitest';
import { classifierOnnx } from '@/harness/models/classifier';
import { KIND_BYTES, otherKind } from './file-kind';

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const zipOf = (name: string) => ascii(`PK\u0003\u0004${'\0'.repeat(26)}${name}`);
const LFS = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n';

test.each<[string, Uint8Array, RegExp]>([
  ['nothing', new Uint8Array(), /^it is empty: copy or download it again$/],
  ['a pointer', ascii(LFS), /^it is a Git LFS pointer .* "git lfs pull"$/],
  ['a web page', ascii('\n<!DOCTYPE html>\n<html>'), /^it is a web page; .*\/resolve\//],
  ['OpenVINO', ascii('<?xml version="1.0"?>\n<net name="x">'), /^it is XML/],
  ['torch.save', zipOf('archive/data.pkl'), /^it is a file of PyTorch/],
  ['an older torch.save', Uint8Array.of(0x80, 2, 0x8a, 0x0a), /^it is a pickle/],
  ['Keras 3', zipOf('metadata.json'), /^it is a file of Keras/],
  ['Keras 2', ascii('\u0089HDF\r\n\u001a\n'), /^it is an HDF5 file/],
  ['a zipped folder', zipOf('flowers/model.onnx'), /^it is a ZIP archive; unpack it/],
  ['a tar.gz', Uint8Array.of(0x1f, 0x8b, 8, 0), /^it is an archive \(gzip\)/],
  ['TensorFlow Lite', ascii('\u001c\0\0\0TFL3\0'), /^it is a model of TensorFlow Lite/],
  ["onnxruntime's own", ascii('\u0020\0\0\0ORTM'), /^it is in onnxruntime's own format/],
  ['safetensors', ascii('\u0040\0\0\0\0\0\0\0{"a":{"dtype":"F32"'), /\(safetensors\)/],
  ['GGUF', ascii('GGUF\u0003\0\0\0'), /\(GGUF\)/],
  ['zeros', new Uint8Array(KIND_BYTES), /^it begins with zeros/],
  [
    'an error of a server',
    ascii('{"error":"Not found"}'),
    /^it is a text: “{"error":"Not found"}”/,
  ],
])('%s', (_, head, says) => {
  expect(otherKind(head)).toMatch(says);
});

test('a model is none of these', () => {
  expect(otherKind(classifierOnnx({ classes: 2 }).subarray(0, KIND_BYTES))).toBeUndefined();
});
