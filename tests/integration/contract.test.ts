/**
 * Every status that the OpenAPI description has for a route is produced, and is as it says, by our own
 * server and by Next's route handlers.
 */
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '@/lib/server/api/routes';
import { PROBLEM_TYPES } from '@/lib/shared/contract/problems';
import {
  AnswerValidator,
  operationsOf,
  type DescribedOperation,
  type OpenApiDocument,
} from '../openapi';
import { freePort, startServer, type TestServer } from '../../harness/server';

const MODEL = 'tiny-imagenet-200';
const VERSION = '71b9a56b3a2d';
const METRICS_TOKEN = 'a-token-for-metrics';

const servers = {} as Record<'normal' | 'limited' | 'slow' | 'failing', TestServer>;
let modelsDir: string;
let document: OpenApiDocument;
let validator: AnswerValidator;
let espresso: Buffer;
let tooManyPixels: Buffer;

type Headers = Record<string, string>;
type Cases = Record<number, () => Promise<Response>>;

const get = (server: TestServer, where: string, headers: Headers = {}) =>
  fetch(`${server.url}${where}`, { headers });
const post = (server: TestServer, where: string, body: BodyInit, headers: Headers = {}) =>
  fetch(`${server.url}${where}`, { method: 'POST', body, headers });
const json = { 'Content-Type': 'application/json' };
const bytes = { 'Content-Type': 'application/octet-stream' };
const gzip = { ...bytes, 'Content-Encoding': 'gzip' };
const badKey = { Authorization: 'Bearer sl_nobody' };

function upload(picture: Uint8Array): Blob {
  return new Blob([new Uint8Array(picture)]);
}

/** A body that is never there in whole. */
function endless(): BodyInit {
  return new ReadableStream({
    start: (controller) => controller.enqueue(new Uint8Array(1)),
  });
}

function postSlowly(where: string, headers: Headers): Promise<Response> {
  const init = { method: 'POST', body: endless(), headers, duplex: 'half' };
  return fetch(`${servers.slow.url}${where}`, init);
}

/** Twice, of which one is more than the quota. */
async function secondOf(ask: () => Promise<Response>): Promise<Response> {
  await (await ask()).arrayBuffer();
  return ask();
}

/** Statuses that every route with an upload has. */
function uploadCases(where: string, headers: Headers, tooLarge: () => BodyInit): Cases {
  return {
    401: () => post(servers.normal, where, 'x', { ...headers, ...badKey }),
    408: () => postSlowly(where, headers),
    413: () => post(servers.normal, where, tooLarge(), headers),
    415: () => post(servers.normal, where, 'x', { ...gzip, ...headers }),
    429: () => secondOf(() => post(servers.limited, where, 'x', headers)),
  };
}

function forms(...pictures: Uint8Array[]): FormData {
  const form = new FormData();
  pictures.forEach((picture, i) => form.append('images', upload(picture), `${i}.png`));
  return form;
}

function cacheable(where: () => string, headers: Headers = {}): Cases {
  return {
    200: () => get(servers.normal, where(), headers),
    304: async () => {
      const first = await get(servers.normal, where(), headers);
      return get(servers.normal, where(), {
        ...headers,
        'If-None-Match': first.headers.get('etag')!,
      });
    },
  };
}

/** A parameter that no route has. */
const badQuery = (where: string) => () => get(servers.normal, `${where}?nobody=1`);

const zeros = (count: number) => new Uint8Array(count);
const image = (data: unknown) =>
  JSON.stringify({ id: '42', inputs: [{ name: 'image', shape: [1], datatype: 'BYTES', data }] });

function predictCases(where: string): Cases {
  return {
    ...uploadCases(where, bytes, () => upload(zeros(1_500_000))),
    200: () => post(servers.normal, where, upload(espresso), bytes),
    400: () => post(servers.normal, where, '{', json),
    422: () => post(servers.normal, where, upload(tooManyPixels), bytes),
    503: () => post(servers.failing, where, upload(espresso), bytes),
  };
}

function inferCases(where: string, unknown: string): Cases {
  // gzip is read here.
  const brotli = { ...json, 'Content-Encoding': 'br' };
  return {
    ...uploadCases(where, json, () => image(['A'.repeat(1_700_000)])),
    415: () => post(servers.normal, where, 'x', brotli),
    200: () => post(servers.normal, where, image([espresso.toString('base64')]), json),
    400: () => post(servers.normal, where, '{', json),
    404: () => post(servers.normal, unknown, image(['AAAA']), json),
    422: () => post(servers.normal, where, image([tooManyPixels.toString('base64')]), json),
    503: () => post(servers.failing, where, image(['AAAA']), json),
  };
}

function modelCases(where: string, unknown: string): Cases {
  return {
    200: () => get(servers.normal, where),
    404: () => get(servers.normal, unknown),
    503: () => get(servers.failing, where),
  };
}

function hubCases(where: string, unknown: string): Cases {
  return { ...cacheable(() => where), 404: () => get(servers.normal, unknown) };
}

const REPORT_ID = randomUUID();
const report = (id: string) => ({
  id,
  model: MODEL,
  version: VERSION,
  label: 'espresso',
  index: 193,
  score: 0.9,
  latencyMs: 12,
  backend: 'wasm',
  at: new Date().toISOString(),
  reason: 'offline',
});
const opinion = (model: string) =>
  JSON.stringify({ id: 'contract-feedback', model, label: 'espresso', correct: true });
const tooLong = () => JSON.stringify('x'.repeat(600_000));
const file = `/hf/${MODEL}/resolve/main/config.json`;
const v1 = `/v1/models/${MODEL}:predict`;
const instances = (...pictures: string[]) =>
  JSON.stringify({ instances: pictures.map((b64) => ({ image_bytes: { b64 } })) });
const versioned = `/v2/models/${MODEL}/versions/`;

/** By operation and status; the test below sees that none is missing and none too many. */
const CASES: Record<string, Cases> = {
  predict: {
    ...predictCases('/api/predict'),
    200: () => post(servers.normal, '/api/predict?explain=true', upload(espresso), bytes),
    404: () => post(servers.normal, '/api/predict?model=nobody', upload(espresso), bytes),
    409: () => post(servers.normal, '/api/predict?prepared=older', upload(espresso), bytes),
  },
  predictBatch: {
    ...uploadCases('/api/predict/batch', {}, () =>
      forms(zeros(900_000), zeros(900_000), zeros(900_000)),
    ),
    // A form brings its own type; these need one whose boundary never comes.
    408: () =>
      postSlowly('/api/predict/batch', { 'Content-Type': 'multipart/form-data; boundary=x' }),
    415: () =>
      post(servers.normal, '/api/predict/batch', 'x', {
        ...gzip,
        'Content-Type': 'multipart/form-data; boundary=x',
      }),
    200: () => post(servers.normal, '/api/predict/batch', forms(espresso, Buffer.from('text'))),
    400: () => post(servers.normal, '/api/predict/batch', forms()),
    404: () => post(servers.normal, '/api/predict/batch?model=nobody', forms(espresso)),
    409: () => post(servers.normal, '/api/predict/batch?prepared=older', forms(espresso)),
    503: () => post(servers.failing, '/api/predict/batch', forms(espresso)),
  },
  reportPredictions: {
    ...uploadCases('/api/predictions/report', json, tooLong),
    200: () =>
      post(
        servers.normal,
        '/api/predictions/report',
        JSON.stringify({ reports: [report(REPORT_ID), report(REPORT_ID)] }),
        json,
      ),
    400: () => post(servers.normal, '/api/predictions/report', '{"reports":[{}]}', json),
    503: () =>
      post(
        servers.failing,
        '/api/predictions/report',
        JSON.stringify({ reports: [report(randomUUID())] }),
        json,
      ),
  },
  giveFeedback: {
    ...uploadCases('/api/feedback', json, tooLong),
    200: () => post(servers.normal, '/api/feedback', opinion(MODEL), json),
    400: () => post(servers.normal, '/api/feedback', '{}', json),
    404: () => post(servers.normal, '/api/feedback', opinion('nobody'), json),
    503: () => post(servers.failing, '/api/feedback', opinion(MODEL), json),
  },
  listModels: { ...cacheable(() => '/api/models'), 400: badQuery('/api/models') },
  getModel: {
    ...cacheable(() => `/api/models/${MODEL}`),
    400: badQuery(`/api/models/${MODEL}`),
    404: () => get(servers.normal, '/api/models/nobody'),
  },
  getUptime: {
    200: () => get(servers.normal, '/api/model/uptime'),
    400: badQuery('/api/model/uptime'),
    404: () => get(servers.normal, '/api/model/uptime?model=nobody'),
  },
  getStatistics: {
    200: () => get(servers.normal, '/api/statistics?window=7d'),
    304: () => unchanged('/api/statistics?window=24h'),
    400: () => get(servers.normal, '/api/statistics?window=1y'),
    401: () => get(servers.normal, '/api/statistics', badKey),
    429: () => secondOf(() => get(servers.limited, '/api/statistics')),
  },
  getVisualizations: {
    200: () => get(servers.normal, '/api/visualizations'),
    304: () => unchanged('/api/visualizations?window=24h'),
    400: () => get(servers.normal, '/api/visualizations?window=1y'),
    401: () => get(servers.normal, '/api/visualizations', badKey),
    404: () => get(servers.normal, '/api/visualizations?model=nobody'),
    429: () => secondOf(() => get(servers.limited, '/api/visualizations')),
  },
  getHealth: {
    200: () => get(servers.normal, '/api/health'),
    400: badQuery('/api/health'),
    503: () => get(servers.failing, '/api/health'),
  },
  getMetrics: {
    200: () => get(servers.normal, '/api/metrics', { Authorization: `Bearer ${METRICS_TOKEN}` }),
    400: badQuery('/api/metrics'),
    401: () => get(servers.normal, '/api/metrics'),
  },
  getOpenApi: { ...cacheable(() => '/api/openapi.json'), 400: badQuery('/api/openapi.json') },
  huggingFaceTask: {
    ...predictCases(`/hf/models/${MODEL}`),
    404: () => post(servers.normal, '/hf/models/nobody', upload(espresso), bytes),
  },
  hubModels: cacheable(() => '/hf/api/models'),
  hubModel: hubCases(`/hf/api/models/sightline/${MODEL}`, '/hf/api/models/nobody'),
  hubModelRevision: hubCases(
    `/hf/api/models/${MODEL}/revision/main`,
    `/hf/api/models/${MODEL}/revision/v1`,
  ),
  hubTree: hubCases(`/hf/api/models/${MODEL}/tree/main`, `/hf/api/models/${MODEL}/tree/v1`),
  hubFolder: hubCases(
    `/hf/api/models/${MODEL}/tree/main/onnx`,
    `/hf/api/models/${MODEL}/tree/main/secret`,
  ),
  getModelFile: {
    ...cacheable(() => file),
    206: () => get(servers.normal, file, { Range: 'bytes=0-3' }),
    404: () => get(servers.normal, `/hf/${MODEL}/resolve/main/secret`),
    416: () => get(servers.normal, file, { Range: 'bytes=999999999-' }),
  },
  v2Server: { 200: () => get(servers.normal, '/v2') },
  v2Live: { 200: () => get(servers.failing, '/v2/health/live') },
  v2Ready: {
    200: () => get(servers.normal, '/v2/health/ready'),
    503: () => get(servers.failing, '/v2/health/ready'),
  },
  v2Model: modelCases(`/v2/models/${MODEL}`, '/v2/models/nobody'),
  v2ModelReady: modelCases(`/v2/models/${MODEL}/ready`, '/v2/models/nobody/ready'),
  v2Stats: { 200: () => get(servers.normal, '/v2/models/stats') },
  v2ModelStats: {
    200: () => get(servers.normal, `/v2/models/${MODEL}/stats`),
    404: () => get(servers.normal, '/v2/models/nobody/stats'),
  },
  v2ModelConfig: modelCases(`/v2/models/${MODEL}/config`, '/v2/models/nobody/config'),
  v2RepositoryIndex: {
    ...uploadCases('/v2/repository/index', json, () => `{"ready": true}${' '.repeat(20_000)}`),
    200: () => post(servers.normal, '/v2/repository/index', '', json),
    400: () => post(servers.normal, '/v2/repository/index', '{"ready": "yes"}', json),
  },
  v1Predict: {
    ...uploadCases(`/v1/models/${MODEL}:predict`, json, () => instances('A'.repeat(1_700_000))),
    200: () => post(servers.normal, v1, instances(espresso.toString('base64')), json),
    400: () => post(servers.normal, v1, '{"instances": []}', json),
    404: () => post(servers.normal, '/v1/models/nobody:predict', instances('AAAA'), json),
    422: () => post(servers.normal, v1, instances(tooManyPixels.toString('base64')), json),
    503: () => post(servers.failing, v1, instances('AAAA'), json),
  },
  v1Models: { 200: () => get(servers.failing, '/v1/models') },
  v1Model: modelCases(`/v1/models/${MODEL}`, '/v1/models/nobody'),
  v2Infer: inferCases(`/v2/models/${MODEL}/infer`, '/v2/models/nobody/infer'),
  v2ModelVersion: {
    ...modelCases(`${versioned}${VERSION}`, `${versioned}0`),
    503: async () => get(servers.failing, `${versioned}${await failingVersion()}`),
  },
  v2ModelVersionConfig: {
    ...modelCases(`${versioned}${VERSION}/config`, `${versioned}0/config`),
    503: async () => get(servers.failing, `${versioned}${await failingVersion()}/config`),
  },
  v2ModelVersionStats: {
    200: () => get(servers.normal, `${versioned}${VERSION}/stats`),
    404: () => get(servers.normal, `${versioned}0/stats`),
  },
  v2ModelVersionReady: {
    ...modelCases(`${versioned}${VERSION}/ready`, `${versioned}0/ready`),
    503: async () => get(servers.failing, `${versioned}${await failingVersion()}/ready`),
  },
  v2VersionInfer: {
    ...inferCases(`${versioned}${VERSION}/infer`, `${versioned}0/infer`),
    503: async () =>
      post(servers.failing, `${versioned}${await failingVersion()}/infer`, image(['AAAA']), json),
  },
};

/** Reading counts too and changes the next answer, but where a store is shared for five seconds not. */
async function unchanged(where: string): Promise<Response> {
  const first = await get(servers.failing, where);
  return get(servers.failing, where, { 'If-None-Match': first.headers.get('etag')! });
}

async function failingVersion(): Promise<string> {
  const response = await get(servers.failing, `/api/models/${MODEL}`);
  return ((await response.json()) as { version: string }).version;
}

const statuses = ROUTES.flatMap(({ id, answers, problems }) => {
  const own = Object.keys(answers).map(Number);
  const failures = problems.map((type) => PROBLEM_TYPES[type].status);
  return [...new Set([...own, ...failures])].map((status) => ({ id, status }));
});

describe.each([
  { mount: 'our own server', asFunctions: false },
  { mount: 'Next’s route handlers', asFunctions: true },
])('$mount', ({ asFunctions }) => {
  const start: typeof startServer = (settings, options) =>
    startServer(settings, { ...options, asFunctions });

  beforeAll(async () => {
    modelsDir = await mkdtemp(path.join(tmpdir(), 'sightline-models-'));
    await cp('models', modelsDir, { recursive: true });
    await writeFile(path.join(modelsDir, MODEL, 'onnx/model.onnx'), 'no model');
    servers.normal = await start({
      PREDICT_PER_MINUTE: '100000',
      BATCH_PER_MINUTE: '100000',
      MAX_UPLOAD_BYTES: '1000000',
      MAX_BATCH_BYTES: '2000000',
      MAX_IMAGE_PIXELS: '1000000',
      METRICS_TOKEN,
    });
    servers.limited = await start({
      PREDICT_PER_MINUTE: '1',
      BATCH_PER_MINUTE: '1',
      READ_PER_MINUTE: '1',
      REPORT_PER_MINUTE: '1',
    });
    servers.slow = await start({ UPLOAD_TIMEOUT_MS: '300' });
    servers.failing = await start(
      { MODELS_DIR: modelsDir, REDIS_URL: `redis://127.0.0.1:${await freePort()}` },
      { untilReady: false },
    );
    espresso = await readFile('public/samples/espresso.png');
    const flat = { width: 1200, height: 1000, channels: 3, background: '#777' } as const;
    tooManyPixels = await sharp({ create: flat }).png().toBuffer();
    document = await get(servers.normal, '/api/openapi.json').then(
      async (response) => (await response.json()) as OpenApiDocument,
    );
    validator = new AnswerValidator(document);
  });

  afterAll(async () => {
    await Promise.all(Object.values(servers).map((server) => server.stop()));
    await rm(modelsDir, { recursive: true });
  });

  test('a client that hangs up leaves a server that answers', async () => {
    const leaving = new AbortController();
    const asked = fetch(`${servers.normal.url}/api/predict`, {
      method: 'POST',
      body: endless(),
      headers: bytes,
      duplex: 'half',
      signal: leaving.signal,
    } as RequestInit);
    setTimeout(() => leaving.abort(), 100);
    await expect(asked).rejects.toThrow();
    const answer = await post(servers.normal, '/api/predict', upload(espresso), bytes);
    expect(answer.status).toBe(200);
  });

  test('the description is valid OpenAPI 3.1 and describes each route that there is', async () => {
    expect(await new Validator().validate(document)).toMatchObject({ valid: true });
    const described = operationsOf(document).map(({ method, path }) => `${method} ${path}`);
    expect(described.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
  });

  test('every status that is described has its case, and no other', () => {
    const expected = statuses.map(({ id, status }) => `${id} ${status}`);
    const actual = Object.entries(CASES).flatMap(([id, cases]) =>
      Object.keys(cases).map((status) => `${id} ${status}`),
    );
    expect(actual.sort()).toEqual(expected.sort());
  });

  describe.each(statuses)('$id', ({ id, status }) => {
    test(`answers ${status} as it is described`, async () => {
      const response = await CASES[id]![status]!();
      expect(response.status).toBe(status);
      expect(await validator.mistakes(operation(id), response)).toEqual([]);
    });
  });

  describe('detects an answer that is not described', () => {
    const headers = { 'Content-Type': 'application/json', 'X-Request-Id': 'x' };
    test.each([
      ['a status', new Response('', { status: 418 }), 'status 418 is not described'],
      [
        'a field too many',
        Response.json({ accepted: 1, duplicates: 0, more: 1 }, { headers }),
        'the body must NOT have additional properties {"additionalProperty":"more"}',
      ],
      [
        'a page instead of JSON',
        new Response('<p>', { headers: { ...headers, 'Content-Type': 'text/html' } }),
        'content type text/html is not described',
      ],
      [
        'no request id',
        Response.json({ accepted: 1, duplicates: 0 }),
        'header X-Request-Id is missing',
      ],
    ])('%s', async (_name, response, mistake) => {
      expect(await validator.mistakes(operation('giveFeedback'), response)).toContain(mistake);
    });
  });
});

function operation(id: string): DescribedOperation {
  return operationsOf(document).find(({ operationId }) => operationId === id)!;
}
