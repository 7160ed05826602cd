import type { PrepareReply, PrepareRequest } from '@/lib/worker/prepare/messages';

type Done = Extract<PrepareReply, { kind: 'prepared' }>;

interface Waiting {
  readonly resolve: (done: Done) => void;
  readonly reject: (error: Error) => void;
}

/** Interface to the preparing worker, which starts with the first picture. */
export class PreparingWorker {
  readonly #url: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastRequestId = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /**
   * @param signal ends the waiting
   * @throws Error if the picture cannot be decoded here, the worker fails, or `signal` aborts
   */
  prepare(request: Omit<PrepareRequest, 'requestId'>, signal: AbortSignal): Promise<Done> {
    signal.throwIfAborted();
    const requestId = ++this.#lastRequestId;
    const abort = () => this.#giveUp(requestId, signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    const done = new Promise<Done>((resolve, reject) => {
      this.#waiting.set(requestId, { resolve, reject });
    });
    this.#start().postMessage({ requestId, ...request } satisfies PrepareRequest);
    return done.finally(() => {
      signal.removeEventListener('abort', abort);
      this.#waiting.delete(requestId);
    });
  }

  /**
   * Rejects a request. Ends the worker if no other request is pending, because the worker may hang.
   */
  #giveUp(requestId: number, error: Error): void {
    this.#waiting.get(requestId)?.reject(error);
    this.#waiting.delete(requestId);
    if (this.#waiting.size === 0) this.#stop(error);
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(this.#url, { type: 'module', name: 'sightline-prepare' });
    worker.onmessage = ({ data }: MessageEvent<PrepareReply>) => {
      const waiting = this.#waiting.get(data.requestId);
      if (data.kind === 'prepared') waiting?.resolve(data);
      else waiting?.reject(new Error(data.message));
    };
    worker.onerror = (event) => {
      if (worker === this.#worker) this.#stop(new Error(`The worker failed: ${event.message}`));
    };
    this.#worker = worker;
    return worker;
  }

  /** Ends the worker and rejects pending requests. The next picture starts a new worker. */
  #stop(error: Error): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
  }
}
