import PQueue from 'p-queue';
import { MAX_BATCH_IMAGES, type BatchResponse } from '@/lib/shared/contract/batch';
import { roundToHundredths } from '@/lib/shared/numbers/round';
import { answerPicture, parseQuestion, serverTiming, type Question } from '../prediction/classify';
import { ApiError } from '../http/api-error';
import type { ApiRequest } from '../http/api-request';
import { jsonResponse } from '../http/json-response';
import { tooLarge } from '../intake/body';
import { readMultipart, type UploadedFile } from '../intake/multipart';
import type { Runtime } from './runtime';
import {
  LIMITED,
  UPLOADED,
  INFERRED,
  MODEL_QUERY,
  TOP_K,
  PREPARED,
  json,
  multipart,
  FILE,
} from './openapi/parts';
import type { CountedResponse, Route, RouteContext } from './route';

const PART = 'images';
/** Keeps every worker busy, and leaves room in the queue for other requests. */
const AT_ONCE_PER_WORKER = 2;

interface Outcome {
  readonly result: BatchResponse['results'][number];
  readonly counted: readonly string[];
  readonly error?: ApiError;
}

/**
 * POST /api/predict/batch: 1 to 32 pictures, one result each, in order; an invalid one does not
 * affect the others.
 */
export async function predictBatch(
  context: RouteContext,
  runtime: Runtime,
): Promise<CountedResponse> {
  const { request, answerId, startedAtMs } = context;
  const question = parseQuestion(request, runtime);
  context.notes.model = question.model.id;
  const files = await readPictures(request, runtime);
  const queue = new PQueue({ concurrency: runtime.pool.workers * AT_ONCE_PER_WORKER });
  const outcomes = await Promise.all(
    files.map((file, index) => queue.add(() => answerOne(context, runtime, question, file, index))),
  );
  refuseIfNoneWasServed(outcomes);
  const timings = { totalMs: roundToHundredths(performance.now() - startedAtMs) };
  const body: BatchResponse = {
    id: answerId,
    model: { id: question.model.id, version: question.model.version },
    results: outcomes.map(({ result }) => result),
    timings,
  };
  return {
    response: jsonResponse(body, {
      headers: { 'Cache-Control': 'no-store', 'Server-Timing': serverTiming(timings) },
    }),
    counted: ['n:batches', ...outcomes.flatMap(({ counted }) => counted)],
  };
}

async function readPictures(request: ApiRequest, { settings }: Runtime): Promise<UploadedFile[]> {
  const { files } = await readMultipart(request, {
    maxBytes: settings.maxBatchBytes,
    maxFileBytes: settings.maxUploadBytes,
    maxFiles: MAX_BATCH_IMAGES,
    timeoutMs: settings.uploadTimeoutMs,
  });
  const pictures = files.filter(({ field }) => field === PART);
  if (pictures.length >= 1 && pictures.length <= MAX_BATCH_IMAGES) return pictures;
  throw new ApiError('invalid-request', `Send 1 to ${MAX_BATCH_IMAGES} pictures.`, {
    expected: `1 to ${MAX_BATCH_IMAGES} file parts named "${PART}"`,
    received:
      pictures.length === 0
        ? `${files.length} file parts, none named "${PART}"`
        : `more than ${MAX_BATCH_IMAGES}`,
  });
}

async function answerOne(
  { request }: RouteContext,
  runtime: Runtime,
  question: Question,
  { fileName: name, bytes, isCut }: UploadedFile,
  index: number,
): Promise<Outcome> {
  const startedAtMs = performance.now();
  try {
    const { maxUploadBytes } = runtime.settings;
    if (isCut) throw tooLarge(maxUploadBytes, `more than ${maxUploadBytes} bytes`);
    const { signal } = request;
    const { answer, counted } = await answerPicture(runtime, question, bytes, signal, startedAtMs);
    return { result: { index, name, status: 200, ...answer }, counted };
  } catch (error) {
    if (!ApiError.is(error)) throw error;
    const problem = error.toProblem(`${new URL(request.url).pathname}#${index}`);
    return { result: { index, name, status: error.status, problem }, counted: [], error };
  }
}

/**
 * If every picture failed because of the server, throws that error; the batch then costs nothing.
 */
function refuseIfNoneWasServed(outcomes: readonly Outcome[]): void {
  const [first] = outcomes;
  if (first?.error && outcomes.every(({ result }) => result.status === 503)) throw first.error;
}

export const batchRoute: Route = {
  name: 'batch',
  method: 'post',
  path: '/api/predict/batch',
  id: 'predictBatch',
  tag: 'Predictions',
  summary: `Classify up to ${MAX_BATCH_IMAGES} pictures`,
  description:
    'Multipart parts named `images`. One result each, in order; a bad picture spoils no other. A batch costs one of its quota, whatever it holds.',
  policy: 'batch',
  parameters: [TOP_K, MODEL_QUERY, PREPARED],
  body: multipart('images', {
    type: 'array',
    items: FILE,
    minItems: 1,
    maxItems: MAX_BATCH_IMAGES,
  }),
  answers: {
    200: {
      description: 'A result or a problem for each picture.',
      content: json('BatchResponse'),
      headers: ['Server-Timing'],
    },
  },
  problems: [...UPLOADED, ...LIMITED, ...INFERRED, 'not-found', 'stale-preparation'],
  sample: 'pictures',
  handler: predictBatch,
};
