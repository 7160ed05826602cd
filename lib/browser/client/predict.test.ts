import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Problem } from '@/lib/shared/contract/problems';
import { predictBatchOnServer, predictOnServer, ServerError } from './predict';

const picture = new File(['bytes'], 'cat.png');
const ID = '0190b3c4-0000-7000-8000-000000000000';
const model = { id: 'm', version: '0123456789ab' };
const answered = {
  head: 'single-label',
  predictions: [{ label: 'cat', index: 0, score: 0.9 }],
  uncertain: false,
  image: { width: 1, height: 1, format: 'png', sha256: 'a'.repeat(64) },
  cached: false,
  timings: { decodeMs: 1, queueMs: 0, inferenceMs: 2, totalMs: 3 },
};
const prediction = { id: ID, model, ...answered, source: 'server' };
const overloaded: Problem = {
  type: 'overloaded',
  title: 'The server is busy',
  status: 503,
  detail: 'Busy.',
  instance: '/api/predict',
};

afterEach(() => vi.unstubAllGlobals());

/** A server that gives these answers, one per request. */
function serve(...answers: (() => Response | Promise<Response>)[]) {
  const fetched = vi.fn((_path: string, _init: RequestInit) => Promise.resolve(answers.shift()!()));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

function busy(retryAfter?: string): () => Response {
  const headers = {
    'Content-Type': 'application/problem+json',
    ...(retryAfter === undefined ? {} : { 'Retry-After': retryAfter }),
  };
  return () => Response.json(overloaded, { status: 503, headers });
}

async function failureOf(work: Promise<unknown>): Promise<ServerError> {
  return work.then(
    () => {
      throw new Error('expected a failure');
    },
    (error: unknown) => error as ServerError,
  );
}

test('a picture goes out as its bytes, with what was asked in the query', async () => {
  const fetched = serve(() => Response.json(prediction));
  const answer = await predictOnServer(picture, { timeoutMs: 1000, topK: 3, model: 'a b' });
  expect(answer).toEqual(prediction);
  const [path, { method, body, headers }] = fetched.mock.calls[0]!;
  expect(path).toBe('/api/predict?topK=3&model=a+b');
  expect({ method, body, headers }).toEqual({
    method: 'POST',
    body: picture,
    headers: { 'Content-Type': 'application/octet-stream' },
  });
});

test('a batch goes out as parts, and comes back with a result or a problem for each', async () => {
  const results = [
    { index: 0, name: 'cat.png', status: 200, ...answered },
    { index: 1, name: 'cat.png', status: 503, problem: overloaded },
  ];
  const fetched = serve(() => Response.json({ id: ID, model, results, timings: { totalMs: 1 } }));
  const answer = await predictBatchOnServer([picture, picture], { timeoutMs: 1000 });
  expect(answer.results).toEqual(results);
  const sent = fetched.mock.calls[0]![1].body as FormData;
  expect(sent.getAll('images').map((part) => (part as File).name)).toEqual(['cat.png', 'cat.png']);
});

describe('a problem', () => {
  test('comes typed, with when to come again', async () => {
    serve(busy('7'));
    const error = await failureOf(predictOnServer(picture, { timeoutMs: 1000 }));
    expect(error).toBeInstanceOf(ServerError);
    expect(error.problem?.type).toBe('overloaded');
    expect(error.message).toBe('Busy.');
    expect(error.retryAfterMs).toBe(7000);
    expect(error.failure).toEqual({ kind: 'status', status: 503, foreign: false });
  });

  test('of a proxy that answers with a page is told by its status', async () => {
    serve(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
    const error = await failureOf(predictOnServer(picture, { timeoutMs: 1000 }));
    expect(error.problem).toBeUndefined();
    expect(error.failure).toEqual({ kind: 'status', status: 502, foreign: true });
  });

  test('of the network is one, and so is an answer that is none of ours', async () => {
    serve(
      () => Promise.reject(new TypeError('fetch failed')),
      () => Response.json({ hello: 1 }),
    );
    const options = { timeoutMs: 1000 };
    expect((await failureOf(predictOnServer(picture, options))).failure.kind).toBe('network');
    expect((await failureOf(predictOnServer(picture, options))).failure.kind).toBe('network');
  });
});

describe('retries', () => {
  const waits: number[] = [];
  const wait = (ms: number) => {
    waits.push(ms);
    return Promise.resolve();
  };
  afterEach(() => waits.splice(0));

  test('wait as long as the server says', async () => {
    const fetched = serve(busy('1'), busy('2'), () => Response.json(prediction));
    const options = { timeoutMs: 10_000, retries: 2, wait };
    expect(await predictOnServer(picture, options)).toEqual(prediction);
    expect(waits).toEqual([1000, 2000]);
    expect(fetched).toHaveBeenCalledTimes(3);
  });

  test('end after as many as were allowed', async () => {
    const fetched = serve(busy('1'), busy('1'));
    const error = await failureOf(
      predictOnServer(picture, { timeoutMs: 10_000, retries: 1, wait }),
    );
    expect(error.problem?.type).toBe('overloaded');
    expect(fetched).toHaveBeenCalledTimes(2);
  });

  test('are not made where there is no time for them, or nobody said when', async () => {
    const fetched = serve(busy('60'), busy());
    const options = { timeoutMs: 10_000, retries: 5, wait };
    await failureOf(predictOnServer(picture, options));
    await failureOf(predictOnServer(picture, options));
    expect(waits).toEqual([]);
    expect(fetched).toHaveBeenCalledTimes(2);
  });

  test('are not made for errors of the picture', async () => {
    const refused = { ...overloaded, type: 'unsupported-image', status: 415 };
    const fetched = serve(() =>
      Response.json(refused, { status: 415, headers: { 'Retry-After': '1' } }),
    );
    await failureOf(predictOnServer(picture, { timeoutMs: 10_000, retries: 5, wait }));
    expect(fetched).toHaveBeenCalledOnce();
  });

  test('stop when the caller gives up, with the reason of that', async () => {
    serve(busy('1'));
    const gone = new AbortController();
    const work = predictOnServer(picture, {
      timeoutMs: 10_000,
      retries: 1,
      signal: gone.signal,
      wait: (_ms, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
          gone.abort(new Error('changed my mind'));
        }),
    });
    expect((await failureOf(work)).message).toBe('changed my mind');
  });
});
