import { describe, expect, test, vi } from 'vitest';
import type { ModelSummary } from '@/lib/shared/contract/models';
import { LEAST_BYTES_WORTH_PREPARING, Preparer } from './preparer';

const VERSION = '0ba5eba11f00';

const MODELS = [
  { id: 'first', default: true, preprocessing: { version: VERSION } },
  { id: 'second', default: false, preprocessing: { version: 'feedfacef00d' } },
  { id: 'any-size', default: false, preprocessing: {} },
] as unknown as ModelSummary[];

const pictureOf = (bytes: number) => new Blob([new Uint8Array(bytes)]);
const photo = pictureOf(4_000_000);

/** A preparer whose worker returns PNGs of `pngBytes` bytes. */
function preparerOf({ pngBytes = 9_000, failure }: { pngBytes?: number; failure?: Error } = {}) {
  const png = new ArrayBuffer(pngBytes);
  const prepare = vi.fn(() =>
    failure
      ? Promise.reject(failure)
      : Promise.resolve({
          requestId: 1,
          kind: 'prepared',
          png,
          width: 4000,
          height: 3000,
        } as const),
  );
  const models = vi.fn(() => Promise.resolve(MODELS));
  return { preparer: new Preparer('', { models, worker: { prepare } }), prepare, models };
}

describe('a preparer', () => {
  test('gives what the default model sees, with its version', async () => {
    const prepared = await preparerOf().preparer.prepare(photo, undefined);
    expect(prepared).toMatchObject({ version: VERSION, width: 4000, height: 3000 });
    expect(prepared?.png.size).toBe(9_000);
  });

  test('gives what another model sees', async () => {
    const { preparer, prepare } = preparerOf();
    const prepared = await preparer.prepare(photo, 'second');
    expect(prepared?.version).toBe('feedfacef00d');
    expect(prepare).toHaveBeenCalledWith(
      expect.objectContaining({ preprocessing: MODELS[1]!.preprocessing }),
      expect.anything(),
    );
  });

  test.each([
    ['is small', pictureOf(LEAST_BYTES_WORTH_PREPARING - 1), undefined, {}],
    ['becomes hardly smaller', photo, undefined, { pngBytes: 2_000_001 }],
    ['cannot be decoded here', photo, undefined, { failure: new Error('broken') }],
    ['is for a model that takes many sizes', photo, 'any-size', {}],
    ['is for a model that is not there', photo, 'nobody', {}],
  ])('leaves a picture alone that %s', async (_what, picture, model, options) => {
    expect(await preparerOf(options).preparer.prepare(picture, model)).toBe(undefined);
  });

  test('asks for the models once, and again when they changed', async () => {
    const { preparer, models } = preparerOf();
    await preparer.prepare(photo, undefined);
    await preparer.prepare(photo, undefined);
    expect(models).toHaveBeenCalledTimes(1);
    preparer.forget();
    await preparer.prepare(photo, undefined);
    expect(models).toHaveBeenCalledTimes(2);
  });

  test('leaves pictures alone while the models are unknown, and asks again', async () => {
    const { preparer, models } = preparerOf();
    models.mockRejectedValueOnce(new Error('offline'));
    expect(await preparer.prepare(photo, undefined)).toBe(undefined);
    expect(await preparer.prepare(photo, undefined)).toMatchObject({ version: VERSION });
  });

  test('prepares those of a batch that it can, where that is worth it', async () => {
    const { preparer, prepare } = preparerOf();
    expect(await preparer.prepareAll([photo, pictureOf(500)], undefined)).toHaveLength(2);
    prepare.mockRejectedValueOnce(new Error('broken'));
    const three = await preparer.prepareAll([photo, photo, photo], undefined);
    expect(three?.map((one) => one?.version)).toEqual([undefined, VERSION, VERSION]);
    prepare.mockRejectedValueOnce(new Error('broken'));
    expect(await preparer.prepareAll([photo, photo], undefined)).toBe(undefined);
  });

  test('throws what the caller aborted with', async () => {
    const { preparer } = preparerOf({ failure: new Error('stopped') });
    const signal = AbortSignal.abort(new Error('another picture'));
    await expect(preparer.prepare(photo, undefined, signal)).rejects.toThrow('another picture');
  });
});
