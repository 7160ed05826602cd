import type { Chart, VisualizationsResponse } from '../../shared/contract/statistics';
import type { ReadChartsReply, ReadChartsRequest } from '../../worker/charts/messages';

interface Waiting {
  readonly charts: Chart[];
  readonly resolve: (answer: VisualizationsResponse) => void;
  readonly reject: (error: Error) => void;
}

/** Parses answers of `/api/visualizations` in a worker: parsing megabytes would block the page. */
export class ChartReader {
  readonly #url: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastRequestId = 0;

  /** @param url URL of the worker's script, which is loaded when the first answer arrives */
  constructor(url: string) {
    this.#url = url;
  }

  /**
   * @param body transferred to the worker, so empty afterwards
   * @throws Error if the body does not match the contract, the worker fails, or `signal` aborts
   */
  read(body: ArrayBuffer, signal: AbortSignal): Promise<VisualizationsResponse> {
    const requestId = ++this.#lastRequestId;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      this.#start().postMessage({ requestId, body } satisfies ReadChartsRequest, [body]);
      const abort = () => this.#giveUp(requestId, signal.reason as Error);
      signal.addEventListener('abort', abort, { once: true });
      const finish =
        <Value>(how: (value: Value) => void) =>
        (value: Value) => {
          signal.removeEventListener('abort', abort);
          this.#waiting.delete(requestId);
          how(value);
        };
      this.#waiting.set(requestId, {
        charts: [],
        resolve: finish(resolve),
        reject: finish(reject),
      });
    });
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(this.#url, { type: 'module', name: 'sightline-charts' });
    worker.onmessage = ({ data }: MessageEvent<ReadChartsReply>) => this.#take(data);
    worker.onerror = (event) => {
      if (worker === this.#worker)
        this.#stop(new Error(`The chart reader failed: ${event.message}`));
    };
    this.#worker = worker;
    return worker;
  }

  #take(reply: ReadChartsReply): void {
    const waiting = this.#waiting.get(reply.requestId);
    if (reply.kind === 'chart') waiting?.charts.push(reply.chart);
    else if (reply.kind === 'done') waiting?.resolve({ ...reply.frame, charts: waiting.charts });
    else waiting?.reject(new Error(reply.message));
  }

  /**
   * Rejects a request. Stops the worker if no other request is pending, because the worker may
   * hang.
   */
  #giveUp(requestId: number, error: Error): void {
    this.#waiting.get(requestId)?.reject(error);
    if (this.#waiting.size === 0) this.#stop(error);
  }

  /** Stops the worker. The next answer gets a new one. */
  #stop(error: Error): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const waiting of [...this.#waiting.values()]) waiting.reject(error);
  }
}
