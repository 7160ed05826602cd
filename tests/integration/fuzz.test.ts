import { afterAll, beforeAll, expect, test } from 'vitest';
import { fuzz, FUZZ_SETTINGS, whatIsWrongAfter } from '../../harness/fuzz/fuzz';
import { seedPictures } from '../../harness/fuzz/pictures';
import { startServer, type TestServer } from '../../harness/server';

let server: TestServer;

beforeAll(async () => {
  server = await startServer(FUZZ_SETTINGS);
});

afterAll(() => server.stop());

test('no random request is answered wrongly or harms the server', async () => {
  const { failure, statuses } = await fuzz(server, await seedPictures(), {
    seed: 20_260_101,
    requests: 500,
  });
  expect(failure).toBeUndefined();
  // The mix reaches good answers and refusals of every kind.
  const seen = Object.keys(statuses).map(Number);
  expect(seen).toEqual(expect.arrayContaining([200, 400, 404, 405, 413, 415, 422]));
  expect(await whatIsWrongAfter(server)).toEqual([]);
});
