/** Entry of the inference worker. It handles one request at a time and answers each once. */
import { rank } from '@/lib/shared/vision/answer';
import { imageToTensor } from '@/lib/shared/vision/tensor';
import { decodePicture } from './decode';
import type {
  ClassifyReply,
  AnsweredRequest,
  ClassifyRequest,
  ExplainReply,
  ExplainRequest,
  LoadReply,
  LoadRequest,
  WorkerReply,
  WorkerRequest,
} from './messages';
import { explainImage } from './explain';
import type { Loaded } from './loaded';
import { createSession } from './session';
import { WorkerError } from './worker-error';

declare const self: DedicatedWorkerGlobalScope;

type Answered = AnsweredRequest & { readonly requestId: number };

let loaded: Loaded | undefined;
/** Settles when the request before is answered: onnxruntime-web refuses two runs at once. */
let previous: Promise<void> = Promise.resolve();

/** Ids of cancelled requests that are not answered yet. */
const cancelled = new Set<number>();

self.onmessage = ({ data: request }: MessageEvent<WorkerRequest>) => {
  if (request.kind === 'cancel') return void cancelled.add(request.requestId);
  previous = previous.then(async () => self.postMessage(await answer(request)));
};

async function answer(request: Answered): Promise<WorkerReply> {
  const { requestId } = request;
  try {
    return { requestId, ...(await replyTo(request)) };
  } catch (error) {
    const { code, message } = toWorkerError(error);
    return { requestId, kind: 'failed', code, message };
  } finally {
    cancelled.delete(requestId);
  }
}

function replyTo(request: Answered): Promise<LoadReply | ClassifyReply | ExplainReply> {
  if (request.kind === 'load') return load(request);
  return request.kind === 'classify' ? classify(request) : explain(request);
}

async function load(request: LoadRequest): Promise<LoadReply> {
  const startedAtMs = performance.now();
  const { preprocessing, labels, calibration, head } = request;
  const session = await createSession(request);
  loaded = { session, preprocessing, labels, calibration, head };
  return { kind: 'loaded', warmupMs: performance.now() - startedAtMs };
}

async function classify(request: ClassifyRequest): Promise<ClassifyReply> {
  if (!loaded) throw new WorkerError('load-failed', 'The model is not loaded.');
  const { session, preprocessing } = loaded;
  const startedAtMs = performance.now();
  const image = await decodePicture(request.picture, request.maxImagePixels);
  const decodedAtMs = performance.now();
  const output = await session.run(imageToTensor(image, preprocessing));
  return {
    kind: 'classified',
    width: image.width,
    height: image.height,
    ...rank(output, loaded, request.topK),
    decodeMs: decodedAtMs - startedAtMs,
    inferenceMs: performance.now() - decodedAtMs,
  };
}

async function explain(request: ExplainRequest & { requestId: number }): Promise<ExplainReply> {
  if (!loaded) throw new WorkerError('load-failed', 'The model is not loaded.');
  const { requestId } = request;
  await leaveIfCancelled(requestId);
  const image = await decodePicture(request.picture, request.maxImagePixels);
  const explanation = await explainImage(loaded, image, request, async (done, total) => {
    self.postMessage({ requestId, kind: 'progress', done, total } satisfies WorkerReply);
    await leaveIfCancelled(requestId);
  });
  return { kind: 'explained', explanation };
}

/**
 * Waits one turn of the event loop so that a cancel message can arrive.
 *
 * @throws WorkerError `stopped` if the request was cancelled
 */
async function leaveIfCancelled(requestId: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  if (cancelled.has(requestId)) throw new WorkerError('stopped', 'Nobody waits for this any more.');
}

function toWorkerError(error: unknown): WorkerError {
  if (error instanceof WorkerError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new WorkerError('inference-failed', `The model failed here: ${reason}`, { cause: error });
}
