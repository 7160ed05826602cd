import { expect, test } from 'vitest';
import { readOptions } from './options';

const SERVER = ['--server', 'http://localhost:3000/'];

test('a folder and a server are enough', () => {
  expect(readOptions(['pictures', ...SERVER], 'sl_key')).toEqual({
    folder: 'pictures',
    server: 'http://localhost:3000',
    output: undefined,
    format: 'csv',
    key: 'sl_key',
    model: undefined,
    topK: undefined,
    patienceMs: 600_000,
  });
});

test.each([
  [[...SERVER], 'expected one folder, received 0'],
  [['a', 'b', ...SERVER], 'expected one folder, received 2'],
  [['a'], 'expected --server http(s)://…, received none'],
  [['a', '--server', 'localhost'], 'expected --server http(s)://…, received localhost'],
  [['a', ...SERVER, '--format', 'xml'], 'expected --format csv or jsonl, received xml'],
  [['a', ...SERVER, '--top-k', '0'], 'expected --top-k to be a whole number from 1, received 0'],
  [['a', ...SERVER, '--topk', '3'], /--topk/],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args, undefined)).toThrow(message);
});
