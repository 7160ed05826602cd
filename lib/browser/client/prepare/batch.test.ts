import { expect, test, vi } from 'vitest';
import type { BatchResponse } from '@/lib/shared/contract/batch';
import type { Problem } from '@/lib/shared/contract/problems';
import { ServerError } from '../server-error';
import { predictBatchPrepared } from './batch';
import type { Prepared } from './preparer';

const files = ['a.jpg', 'b.jpg'].map((name) => new File(['whole'], name));
const png = new Blob(['png']);
const prepared = [
  { png, version: '0ba5eba11f00', width: 4000, height: 3000 },
  { png, version: '0ba5eba11f00', width: 40, height: 30 },
];
const OPTIONS = { timeoutMs: 1000 };
const answer = {
  results: [
    { index: 1, image: { width: 64, height: 64 } },
    { index: 0, problem: { type: 'undecodable-image' } },
  ],
} as unknown as BatchResponse;

const preparerOf = (pictures: (Prepared | undefined)[] | undefined) => ({
  prepareAll: vi.fn(() => Promise.resolve(pictures)),
  forget: vi.fn(),
});

test('sends what the model sees of each, under the names of the files', async () => {
  const askServer = vi.fn(() => Promise.resolve(answer));
  const result = await predictBatchPrepared(preparerOf(prepared), files, OPTIONS, askServer);
  expect(askServer).toHaveBeenCalledExactlyOnceWith(
    [
      expect.objectContaining({ name: 'a.jpg', size: 3 }),
      expect.objectContaining({ name: 'b.jpg' }),
    ],
    { ...OPTIONS, prepared: '0ba5eba11f00' },
  );
  expect(result.results).toEqual([
    { index: 1, image: { width: 40, height: 30 } },
    { index: 0, problem: { type: 'undecodable-image' } },
  ]);
  const sent = { bytes: 3, ofBytes: 5 };
  expect(result.sent).toEqual([sent, sent]);
});

test('sends whole only what cannot be prepared, and keeps the positions', async () => {
  const three = [...files, new File(['whole'], 'c.jpg')];
  const resultsOf = (...indices: number[]) =>
    ({
      results: indices.map((index) => ({ index, image: { width: 64, height: 64 } })),
    }) as unknown as BatchResponse;
  const askServer = vi
    .fn(() => Promise.resolve(resultsOf(0)))
    .mockResolvedValueOnce(resultsOf(1, 0));
  const preparer = preparerOf([prepared[0], undefined, prepared[1]]);
  const result = await predictBatchPrepared(preparer, three, OPTIONS, askServer);
  expect(askServer).toHaveBeenCalledTimes(2);
  expect(askServer).toHaveBeenLastCalledWith([files[1]], OPTIONS);
  expect(result.results).toEqual([
    { index: 2, image: { width: 40, height: 30 } },
    { index: 0, image: { width: 4000, height: 3000 } },
    { index: 1, image: { width: 64, height: 64 } },
  ]);
  expect(result.sent).toEqual([{ bytes: 3, ofBytes: 5 }, undefined, { bytes: 3, ofBytes: 5 }]);
});

test('sends the files where they are not prepared', async () => {
  const askServer = vi.fn(() => Promise.resolve(answer));
  expect(await predictBatchPrepared(preparerOf(undefined), files, OPTIONS, askServer)).toBe(answer);
  expect(askServer).toHaveBeenCalledExactlyOnceWith(files, OPTIONS);
});

test('sends the files where the server wants them prepared in another way', async () => {
  const stale = new ServerError({ kind: 'status', status: 409 }, {
    type: 'stale-preparation',
  } as Problem);
  const askServer = vi.fn(() => Promise.resolve(answer)).mockRejectedValueOnce(stale);
  const preparer = preparerOf(prepared);
  expect(await predictBatchPrepared(preparer, files, OPTIONS, askServer)).toBe(answer);
  expect(askServer).toHaveBeenLastCalledWith(files, OPTIONS);
  expect(preparer.forget).toHaveBeenCalledOnce();
});
