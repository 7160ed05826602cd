/** Entry of the inference worker: one request after the other, each answered once. */
import { rank } from '../shared/vision/ranking';
import { imageToTensor } from '../shared/vision/tensor';
import { decodePicture } from './decode';
import type {
  ClassifyReply,
  ClassifyRequest,
  LoadReply,
  LoadRequest,
  WorkerReply,
  WorkerRequest,
} from './messages';
import { createSession, type DeviceSession } from './session';
import { WorkerError } from './worker-error';

declare const self: DedicatedWorkerGlobalScope;

interface Loaded extends Pick<LoadRequest, 'preprocessing' | 'labels'> {
  readonly session: DeviceSession;
}

let loaded: Loaded | undefined;
/** onnxruntime-web refuses a run while another goes on. */
let previous: Promise<void> = Promise.resolve();

self.onmessage = ({ data: request }: MessageEvent<WorkerRequest>) => {
  previous = previous.then(async () => self.postMessage(await answer(request)));
};

async function answer(request: WorkerRequest): Promise<WorkerReply> {
  const { requestId } = request;
  try {
    const reply = request.kind === 'load' ? await load(request) : await classify(request);
    return { requestId, ...reply };
  } catch (error) {
    const { code, message } = toWorkerError(error);
    return { requestId, kind: 'failed', code, message };
  }
}

async function load(request: LoadRequest): Promise<LoadReply> {
  const startedAtMs = performance.now();
  const { preprocessing, labels } = request;
  const session = await createSession(request);
  loaded = { session, preprocessing, labels };
  return { kind: 'loaded', warmupMs: performance.now() - startedAtMs };
}

async function classify(request: ClassifyRequest): Promise<ClassifyReply> {
  if (!loaded) throw new WorkerError('load-failed', 'The model is not loaded.');
  const { session, preprocessing, labels } = loaded;
  const startedAtMs = performance.now();
  const image = await decodePicture(request.picture, request.maxImagePixels);
  const decodedAtMs = performance.now();
  const logits = await session.run(imageToTensor(image, preprocessing));
  const predictions = rank(logits, labels, request.topK);
  return {
    kind: 'classified',
    width: image.width,
    height: image.height,
    predictions,
    decodeMs: decodedAtMs - startedAtMs,
    inferenceMs: performance.now() - decodedAtMs,
  };
}

function toWorkerError(error: unknown): WorkerError {
  if (error instanceof WorkerError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new WorkerError('inference-failed', `The model failed here: ${reason}`, { cause: error });
}
