import type {
  ClassifyReply,
  ClassifyRequest,
  DeviceErrorCode,
  LoadReply,
  LoadRequest,
  WorkerReply,
  WorkerRequest,
} from '../../worker/messages';

/** An error out of the inference worker, rebuilt on the page. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';

  constructor(
    readonly code: DeviceErrorCode | 'download-failed' | 'timeout' | 'stopped',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

interface Waiting {
  readonly resolve: (reply: WorkerReply) => void;
  readonly reject: (error: Error) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

const LOAD_TIMEOUT_MS = 60_000;
const CLASSIFY_TIMEOUT_MS = 60_000;

/**
 * The only door to the inference worker. A request that is not answered in time ends the worker,
 * for a hanging WebAssembly cannot be reached otherwise.
 */
export class WorkerBridge {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastRequestId = 0;
  #stopped = false;

  constructor(url: string) {
    this.#worker = new Worker(url, { type: 'module', name: 'sightline-inference' });
    this.#worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => this.#settle(data);
    this.#worker.onerror = (event) => {
      this.stop(new DeviceError('load-failed', `The worker failed: ${event.message}`));
    };
  }

  /** Whether the worker was ended, and a new bridge is needed. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Moves the WebAssembly and the model to the worker and starts them. */
  load(request: Omit<LoadRequest, 'kind'>): Promise<LoadReply> {
    const transfer = [request.wasmBinary, request.modelBytes];
    return this.#ask({ kind: 'load', ...request }, LOAD_TIMEOUT_MS, transfer) as Promise<LoadReply>;
  }

  classify(request: Omit<ClassifyRequest, 'kind'>): Promise<ClassifyReply> {
    const transfer = request.picture instanceof Blob ? [] : [request.picture];
    const asked = this.#ask({ kind: 'classify', ...request }, CLASSIFY_TIMEOUT_MS, transfer);
    return asked as Promise<ClassifyReply>;
  }

  /** Ends the worker; whatever waits for it fails with `error`. */
  stop(error = new DeviceError('stopped', 'The device was stopped.')): void {
    this.#stopped = true;
    this.#worker.terminate();
    for (const requestId of [...this.#waiting.keys()]) this.#take(requestId)?.reject(error);
  }

  #ask(
    request: LoadRequest | ClassifyRequest,
    timeoutMs: number,
    transfer: Transferable[],
  ): Promise<WorkerReply> {
    const requestId = ++this.#lastRequestId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.stop(
          new DeviceError('timeout', `The device did not answer in ${timeoutMs / 1000} s.`),
        );
      }, timeoutMs);
      this.#waiting.set(requestId, { resolve, reject, timer });
      this.#worker.postMessage({ requestId, ...request } satisfies WorkerRequest, transfer);
    });
  }

  #settle(reply: WorkerReply): void {
    const waiting = this.#take(reply.requestId);
    if (reply.kind === 'failed') waiting?.reject(new DeviceError(reply.code, reply.message));
    else waiting?.resolve(reply);
  }

  #take(requestId: number): Waiting | undefined {
    const waiting = this.#waiting.get(requestId);
    this.#waiting.delete(requestId);
    clearTimeout(waiting?.timer);
    return waiting;
  }
}
