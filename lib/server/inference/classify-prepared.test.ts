/** Pictures that were prepared, through the code that every worker runs, of the shipped model. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { preparePicture } from '@/lib/shared/vision/prepared';
import { configureDecoder, decodeImage } from '../intake/decode';
import { readModelFolder } from '../models/folder';
import { toWorkerModel } from './worker-model';
import { readSettings } from '../settings';
import { classifyBytes } from './classify-bytes';
import { loadModel, type LoadedModel } from './session';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const SAMPLES = path.join(ROOT, 'public/samples');
const { maxImagePixels, maxDecodeBytes, decodeTimeoutSeconds } = readSettings({});
const LIMITS = { maxImagePixels, maxDecodeBytes, timeoutSeconds: decodeTimeoutSeconds };

let model: LoadedModel;

beforeAll(async () => {
  configureDecoder();
  const folder = path.join(ROOT, 'models/tiny-imagenet-200');
  model = await loadModel(toWorkerModel(await readModelFolder(folder, 'tiny-imagenet-200')));
  return () => model.release();
});

async function classify(bytes: Uint8Array, isPrepared: boolean) {
  return classifyBytes(model, { bytes: new Uint8Array(bytes), isPrepared }, LIMITS);
}

async function prepare(bytes: Uint8Array): Promise<Uint8Array> {
  const decoded = await decodeImage(bytes, LIMITS);
  if (!decoded.ok) throw new Error(decoded.problem.detail);
  return preparePicture(decoded.image, model.preprocessing);
}

describe('a prepared picture', () => {
  test('has the logits of the whole one to the bit', async () => {
    const names = (await readdir(SAMPLES)).filter((name) => /\.(png|jpg|webp)$/.test(name));
    expect(names.length).toBeGreaterThanOrEqual(3);
    for (const name of names) {
      const bytes = await readFile(path.join(SAMPLES, name));
      const whole = await classify(bytes, false);
      const prepared = await classify(await prepare(bytes), true);
      expect(prepared).toMatchObject({ ok: true, width: 64, height: 64 });
      expect(prepared).toMatchObject(whole.ok ? { logits: whole.logits } : {});
    }
  });

  const plain = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#6a7f5b' } }).png();

  test.each([
    [65, 64],
    [64, 63],
    [32, 32],
    [3000, 3000],
  ])('of %i × %i is refused with both sizes', async (width, height) => {
    const result = await classify(await plain(width, height).toBuffer(), true);
    expect(result).toMatchObject({
      ok: false,
      problem: {
        type: 'wrong-size',
        expected: '64 × 64 pixels',
        received: `${width} × ${height} pixels`,
      },
    });
  });

  test('that is broken is refused as broken', async () => {
    const whole = await plain(64, 64).toBuffer();
    const result = await classify(whole.subarray(0, whole.length - 20), true);
    expect(result).toMatchObject({ ok: false, problem: { type: 'undecodable-image' } });
  });
});
