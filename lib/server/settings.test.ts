import path from 'node:path';
import { expect, test } from 'vitest';
import { readSettings } from './settings';

test('everything has a default', () => {
  expect(readSettings({})).toMatchObject({
    port: 3000,
    modelsDir: path.resolve('models'),
    maxUploadBytes: 20 * 1024 * 1024,
    maxImagePixels: 64_000_000,
  });
});

test('an empty variable is one that is not set', () => {
  expect(readSettings({ QUEUE_LIMIT: '' })).toEqual(readSettings({}));
});

test('every wrong setting is named with what came', () => {
  const read = () => readSettings({ PORT: 'x', QUEUE_LIMIT: '-1', MAX_UPLOAD_BYTES: '1.5' });
  expect(read).toThrow(/PORT=x/);
  expect(read).toThrow(/QUEUE_LIMIT=-1/);
  expect(read).toThrow(/MAX_UPLOAD_BYTES=1\.5/);
});
