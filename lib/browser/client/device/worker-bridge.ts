import type {
  AnsweredRequest,
  ClassifyReply,
  ClassifyRequest,
  DeviceErrorCode,
  ExplainReply,
  ExplainRequest,
  LoadReply,
  LoadRequest,
  ProgressReply,
  WorkerReply,
  WorkerRequest,
} from '@/lib/worker/messages';
import type { ServerFailure } from '../where';

/** An error of the inference worker, rebuilt on the page. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';

  constructor(
    readonly code: DeviceErrorCode | 'download-failed' | 'cancelled' | 'declined' | 'timeout',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** The server's failure that made the client ask the device. */
  serverFailure: ServerFailure | undefined;

  after(failure: ServerFailure): this {
    this.serverFailure = failure;
    return this;
  }
}

interface Waiting {
  readonly resolve: (reply: WorkerReply) => void;
  readonly reject: (error: Error) => void;
  /** Ends the worker if it does not answer in time. */
  timer: ReturnType<typeof setTimeout>;
  readonly onProgress: ((done: number, total: number) => void) | undefined;
}

export interface ExplainOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const LOAD_TIMEOUT_MS = 60_000;
/**
 * Time limit of a start with several threads, after the download. A start with one thread follows
 * it.
 */
const THREADS_TIMEOUT_MS = 5_000;
/** Additional start time for each byte of a large model. */
const MS_PER_BYTE = 1 / 20_000;
/** For an explanation, the time limit between two batches. */
const CLASSIFY_TIMEOUT_MS = 60_000;

/**
 * The only interface to the inference worker. If a request is not answered in time, the bridge ends
 * the worker, because hanging WebAssembly cannot be interrupted.
 */
export class WorkerBridge {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastRequestId = 0;
  #stopped = false;

  constructor(url: string) {
    this.#worker = openWorker(url);
    this.#worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => this.#answer(data);
    this.#worker.onerror = (event) => {
      this.stop(new DeviceError('load-failed', `The worker failed: ${event.message}`));
    };
  }

  /** Whether the worker has ended. Requests then need a new bridge. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Transfers the WebAssembly and the model to the worker, which starts them. */
  load(request: Omit<LoadRequest, 'kind'>): Promise<LoadReply> {
    const weights = (request.weights ?? []).map(({ data }) => data);
    const transfer = [request.wasmBinary, request.modelBytes, ...weights];
    const bytes = transfer.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const timeoutMs =
      request.threads > 1 && request.backend === 'wasm'
        ? THREADS_TIMEOUT_MS + bytes * MS_PER_BYTE
        : LOAD_TIMEOUT_MS;
    return this.#ask({ kind: 'load', ...request }, timeoutMs, transfer) as Promise<LoadReply>;
  }

  classify(request: Omit<ClassifyRequest, 'kind'>): Promise<ClassifyReply> {
    const transfer = request.picture instanceof Blob ? [] : [request.picture];
    const asked = this.#ask({ kind: 'classify', ...request }, CLASSIFY_TIMEOUT_MS, transfer);
    return asked as Promise<ClassifyReply>;
  }

  /**
   * Explains a picture, which may take long. If `signal` aborts, the worker stops after the current
   * batch.
   *
   * @throws DeviceError `stopped` if it was aborted
   */
  async explain(
    request: Omit<ExplainRequest, 'kind'>,
    { signal, onProgress }: ExplainOptions = {},
  ): Promise<ExplainReply> {
    const asked = { kind: 'explain', ...request } as const;
    const reply = this.#ask(asked, CLASSIFY_TIMEOUT_MS, [], onProgress);
    const requestId = this.#lastRequestId;
    const cancel = () =>
      this.#worker.postMessage({ requestId, kind: 'cancel' } satisfies WorkerRequest);
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return (await reply) as ExplainReply;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Ends the worker. All pending requests fail with `error`. */
  stop(error = new DeviceError('stopped', 'The device was stopped.')): void {
    this.#stopped = true;
    this.#worker.terminate();
    for (const requestId of [...this.#waiting.keys()]) this.#take(requestId)?.reject(error);
  }

  #ask(
    request: AnsweredRequest,
    timeoutMs: number,
    transfer: Transferable[],
    onProgress?: Waiting['onProgress'],
  ): Promise<WorkerReply> {
    const requestId = ++this.#lastRequestId;
    return new Promise((resolve, reject) => {
      const timer = this.#timeout(timeoutMs);
      this.#waiting.set(requestId, { resolve, reject, timer, onProgress });
      this.#worker.postMessage({ requestId, ...request } satisfies WorkerRequest, transfer);
    });
  }

  #timeout(ms: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      this.stop(new DeviceError('timeout', `The device did not answer in ${ms / 1000} s.`));
    }, ms);
  }

  #answer(reply: WorkerReply): void {
    if (reply.kind === 'progress') return this.#onProgress(reply);
    const waiting = this.#take(reply.requestId);
    if (reply.kind === 'failed') waiting?.reject(new DeviceError(reply.code, reply.message));
    else waiting?.resolve(reply);
  }

  #onProgress({ requestId, done, total }: ProgressReply & { requestId: number }): void {
    const waiting = this.#waiting.get(requestId);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    waiting.timer = this.#timeout(CLASSIFY_TIMEOUT_MS);
    waiting.onProgress?.(done, total);
  }

  #take(requestId: number): Waiting | undefined {
    const waiting = this.#waiting.get(requestId);
    this.#waiting.delete(requestId);
    clearTimeout(waiting?.timer);
    return waiting;
  }
}

/**
 * Starts a worker from any origin. Browsers start worker scripts only from the page's own origin,
 * but that script may import from another origin whose server allows it (CORS).
 */
function openWorker(url: string): Worker {
  const options = { type: 'module', name: 'sightline-inference' } as const;
  const { href, origin } = new URL(url, location.href);
  if (origin === location.origin) return new Worker(url, options);
  const script = `import ${JSON.stringify(href)};`;
  return new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })), options);
}
