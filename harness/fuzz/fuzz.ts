/**
 * Sends random requests to a running server until an answer is wrong, then finds the smallest such
 * request.
 */
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { healthResponseSchema } from '@/lib/shared/contract/health';
import { predictResponseSchema } from '@/lib/shared/contract/predict';
import { postPicture } from '../client';
import type { TestServer } from '../server';
import { checkAnswer } from './check';
import { requests } from './requests';
import { send, type FuzzRequest } from './send';

const SHOWN_BODY_BYTES = 2_000;

/**
 * Quotas are off. The cache is so small that it fills at once, and its growth does not look like a
 * leak.
 */
export const FUZZ_SETTINGS = {
  PREDICT_PER_MINUTE: '0',
  BATCH_PER_MINUTE: '0',
  READ_PER_MINUTE: '0',
  REPORT_PER_MINUTE: '0',
  CACHE_ENTRIES: '32',
  // Low enough for generated bodies to exceed it, high enough for a sample.
  MAX_UPLOAD_BYTES: '600000',
};

export interface FuzzOptions {
  readonly seed: number;
  readonly requests: number;
  /** Where a failing run stopped shrinking, to repeat it directly. */
  readonly path?: string;
}

export interface FuzzOutcome {
  /** Count of each status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** The violated rule, with the smallest request that shows it; undefined if there was none. */
  readonly failure: string | undefined;
}

export async function fuzz(
  server: TestServer,
  seeds: readonly Buffer[],
  { seed, requests: numRuns, path }: FuzzOptions,
): Promise<FuzzOutcome> {
  const statuses: Record<number, number> = {};
  const property = fc.asyncProperty(requests(seeds), async (request) => {
    const answer = await send(server.url, request);
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    checkAnswer(request, answer);
  });
  const details = await fc.check(property, { seed, numRuns, ...(path ? { path } : {}) });
  if (!details.failed) return { statuses, failure: undefined };
  const [request] = details.counterexample!;
  const { errorInstance, counterexamplePath } = details;
  const failure = [
    errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    describe(request),
    `again: npm run fuzz -- --seed ${seed} --path ${counterexamplePath}`,
  ].join('\n');
  return { statuses, failure };
}

function describe({ method, target, headers, body, isChunked }: FuzzRequest): string {
  const lines = headers.map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const shown = body.subarray(0, SHOWN_BODY_BYTES).toString('base64');
  const size = `${body.byteLength} bytes${isChunked ? ' in chunks' : ''}`;
  return [`${method} ${target}`, ...lines, `${size}: ${shown}`].join('\n');
}

/** Checks the server after a run: it is alive, has no work left, and answers correctly. */
export async function whatIsWrongAfter(server: TestServer): Promise<string[]> {
  const health = healthResponseSchema.parse(await (await fetch(`${server.url}/api/health`)).json());
  const espresso = await readFile('public/samples/espresso.png');
  const answer = await postPicture(server.url, espresso);
  const { predictions } = predictResponseSchema.parse(await answer.json());
  const wrong = {
    'the process is gone': !isAlive(server.pid),
    [`health is ${health.status}`]: health.status !== 'ok',
    [`${health.checks.queue.waiting} pictures wait`]: health.checks.queue.waiting > 0,
    [`espresso is ${predictions[0]!.label}`]: predictions[0]!.label !== 'espresso',
    'something was unhandled': /unhandled/i.test(server.output()),
  };
  return Object.entries(wrong).flatMap(([what, holds]) => (holds ? [what] : []));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
