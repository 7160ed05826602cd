/** What each address does beside the answers that are described, by our own server and by functions. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '@/lib/server/api/routes';
import { healthResponseSchema } from '@/lib/shared/contract/health';
import { oipErrorSchema } from '@/lib/shared/contract/open-inference';
import { PROBLEM_CONTENT_TYPE, problemSchema } from '@/lib/shared/contract/problems';
import { postPicture, smallPicture } from '../../harness/client';
import { largePictures } from '../../harness/pictures';
import { startServer, type TestServer } from '../../harness/server';
import { metricsText, metricValue } from '../metrics';

const PARAMETERS: Record<string, string> = {
  id: 'tiny-imagenet-200',
  version: '71b9a56b3a2d',
  revision: 'main',
  path: 'config.json',
};
const REQUEST_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const PICTURES = 20;

const ADDRESSES = [...new Set(ROUTES.map(({ path }) => path))].map((path) => {
  const own = ROUTES.filter((route) => route.path === path);
  const methods = own.map(({ method }) => method.toUpperCase());
  return {
    path,
    where: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => PARAMETERS[name]!),
    isRead: methods.includes('GET'),
    allow: [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', '),
  };
});

const MOUNTS = [
  { mount: 'our own server', asFunctions: false },
  { mount: 'Next’s route handlers', asFunctions: true },
];

/** An error as the protocol of the address has it; [] where it is one. */
async function mistakesOfError(response: Response, where: string): Promise<string[]> {
  const [type, schema] = /^\/v[12](\/|$)/.test(where)
    ? ['application/json', oipErrorSchema]
    : [PROBLEM_CONTENT_TYPE, problemSchema];
  const contentType = response.headers.get('content-type') ?? '';
  const { success, error } = schema.safeParse(await response.json());
  return [
    ...(contentType.startsWith(type) ? [] : [`content type ${contentType}`]),
    ...(success ? [] : [error.message]),
    ...(REQUEST_ID.test(response.headers.get('x-request-id') ?? '') ? [] : ['no request id']),
  ];
}

describe.each(MOUNTS)('$mount', ({ asFunctions }) => {
  let server: TestServer;

  beforeAll(async () => {
    const settings = { INFERENCE_WORKERS: '1', QUEUE_LIMIT: '100', METRICS_TOKEN: '' };
    server = await startServer(settings, { asFunctions });
  });

  afterAll(() => server?.stop());

  describe.each(ADDRESSES)('$path', ({ where, allow }) => {
    test.each(['PUT', 'PATCH', 'DELETE'])(
      '%s is answered with 405, Allow and an error of the protocol',
      async (method) => {
        const response = await fetch(`${server.url}${where}`, { method });
        expect(response.status).toBe(405);
        expect(response.headers.get('allow')).toBe(allow);
        expect(await mistakesOfError(response, where)).toEqual([]);
      },
    );

    test('OPTIONS says what is offered', async () => {
      const response = await fetch(`${server.url}${where}`, { method: 'OPTIONS' });
      expect(response.status).toBe(204);
      expect(response.headers.get('allow')).toBe(allow);
    });
  });

  test.each(ADDRESSES.filter(({ isRead }) => !isRead))('GET $path is 405', async ({ where }) => {
    const response = await fetch(`${server.url}${where}`);
    expect(response.status).toBe(405);
    expect(await mistakesOfError(response, where)).toEqual([]);
  });

  test.each(ADDRESSES.filter(({ isRead }) => isRead))(
    'HEAD $path is GET without its body',
    async ({ where }) => {
      const whole = await fetch(`${server.url}${where}`);
      const head = await fetch(`${server.url}${where}`, { method: 'HEAD' });
      expect(whole.status).toBe(200);
      expect(head.status).toBe(200);
      expect(head.headers.get('content-type')).toBe(whole.headers.get('content-type'));
      expect((await whole.arrayBuffer()).byteLength).toBeGreaterThan(0);
      expect((await head.arrayBuffer()).byteLength).toBe(0);
    },
  );

  test.each(['/api/nothing', '/api', '/hf/nothing', '/hf/models/a/b', '/v2/nothing', '/v2/models'])(
    '%s is 404 as an error of its protocol',
    async (where) => {
      const response = await fetch(`${server.url}${where}`);
      expect(response.status).toBe(404);
      expect(await mistakesOfError(response, where)).toEqual([]);
    },
  );

  test('pictures of clients that have hung up are not classified', async () => {
    const gone = new AbortController();
    const left = Promise.allSettled(
      (await largePictures(PICTURES)).map((picture) =>
        fetch(`${server.url}/api/predict`, {
          method: 'POST',
          headers: { 'Content-Type': 'image/jpeg' },
          body: new Uint8Array(picture),
          signal: gone.signal,
        }),
      ),
    );
    const waiting = async () => {
      const response = await fetch(`${server.url}/api/health`);
      return healthResponseSchema.parse(await response.json()).checks.queue.waiting;
    };
    await expect.poll(waiting, { interval: 5, timeout: 20_000 }).toBeGreaterThan(0);
    gone.abort();
    await left;
    // It comes after all that waited.
    expect((await postPicture(server.url, await smallPicture())).status).toBe(200);
    const series = 'sightline_stage_duration_seconds_count{stage="inference"}';
    expect(metricValue(await metricsText(server.url), series)).toBeLessThan(PICTURES / 2);
  });
});
