import { expect, test } from 'vitest';
import { ApiError } from '../../http/api-error';
import { ModelRegistry } from '../../models/registry';
import type { ModelFolder } from '../../models/folder';
import { assertRevision, findHubModel, listTree } from './hub';

const file = (path: string) => ({ path, absolutePath: path, bytes: 3, sha256: `sha of ${path}` });
const model = {
  id: 'm',
  revision: 'a'.repeat(40),
  files: ['README.md', 'config.json', 'onnx/model.onnx', 'onnx/model_fp16.onnx'].map(file),
} as unknown as ModelFolder;

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return ApiError.is(error) ? error.headers['X-Error-Code'] : undefined;
  }
  return undefined;
}

test('an error has the code by which clients of the hub know it', () => {
  const registry = new ModelRegistry([model], []);
  expect(codeOf(() => findHubModel(registry, 'nobody'))).toBe('RepoNotFound');
  expect(codeOf(() => assertRevision(model, 'v1'))).toBe('RevisionNotFound');
  expect(codeOf(() => listTree(model, 'secret', true))).toBe('EntryNotFound');
});

test('main and the revision are the ones there are', () => {
  expect(codeOf(() => assertRevision(model, 'main'))).toBeUndefined();
  expect(codeOf(() => assertRevision(model, model.revision))).toBeUndefined();
});

test('a message is given in ASCII, as headers are', () => {
  const unknown = () => assertRevision(model, 'größe\n');
  expect(unknown).toThrow(
    expect.objectContaining({
      headers: {
        'X-Error-Code': 'RevisionNotFound',
        'X-Error-Message': 'Model "m" has no revision "gr??e?".',
      },
    }) as Error,
  );
});

test.each([
  ['', false, ['onnx', 'README.md', 'config.json']],
  ['', true, ['onnx', 'README.md', 'config.json', 'onnx/model.onnx', 'onnx/model_fp16.onnx']],
  ['config.json', false, ['config.json']],
  ['onnx', false, ['onnx/model.onnx', 'onnx/model_fp16.onnx']],
])('the tree of "%s" (recursive: %s) has %j', (folder, isRecursive, paths) => {
  expect(listTree(model, folder, isRecursive).map(({ path }) => path)).toEqual(paths);
});

test('a file is listed with size and SHA-256', () => {
  expect(listTree(model, 'onnx', true)[0]).toEqual({
    type: 'file',
    path: 'onnx/model.onnx',
    oid: 'sha of onnx/model.onnx',
    size: 3,
    lfs: {
      oid: 'sha of onnx/model.onnx',
      sha256: 'sha of onnx/model.onnx',
      size: 3,
      pointerSize: 0,
    },
  });
});
