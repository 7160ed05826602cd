import type { WorkerReady, WorkerResult, WorkerSetup, WorkerTask } from './task';

/** Events of a set of workers for its pool. */
export interface WorkerEvents {
  /** A worker is warm. */
  readonly onReady: (ready: WorkerReady) => void;
  /** A worker could not start, or failed while it had no task. */
  readonly onError: (error: Error) => void;
  /** A worker has ended by itself; `count` no longer includes it. */
  readonly onLost: (reason?: Error) => void;
}

export interface WorkersOptions {
  /** The bundled worker entry. */
  readonly workerFile: string;
  /** Workers that run tasks side by side. */
  readonly workers: number;
  /** Bytes a worker process may grow by while it has a picture; threads have no such limit. */
  readonly memoryBytes: number;
  /** Read whenever a worker starts. */
  readonly setup: () => WorkerSetup;
  readonly events: WorkerEvents;
}

/** Workers that run tasks, and are replaced when they end. */
export interface Workers {
  /** Workers that live now, warm or not. */
  readonly count: number;
  /** Those of them that are ready for a task or have one. */
  readonly warm: number;
  /** Whether some warm worker could load this model, or has not been asked to. */
  canRun(modelId: string): boolean;
  /** Every worker may load this model again: its files have changed. */
  forgive(modelId: string): void;
  /**
   * @param transferList buffers of the task that the caller gives up
   * @throws WorkerFailure if a worker process was ended or lost; any other Error is the task's own
   */
  run(task: WorkerTask, transferList: ArrayBuffer[]): Promise<WorkerResult>;
  /** Lets running tasks finish, then ends the workers. */
  close(): Promise<void>;
  /** Ends the workers at once. */
  destroy(): Promise<void>;
  /** Ends one worker as a crash would, for tests. */
  crashOne(signal?: NodeJS.Signals): Promise<void>;
  /** Ends all workers as a crash would, for tests. */
  crashAll(): Promise<void>;
}

/** Why a worker did not finish its task. */
export type FailureCause = 'time' | 'memory' | 'crash';

/** A worker that ended before it finished its task. */
export class WorkerFailure extends Error {
  override readonly name = 'WorkerFailure';
  readonly reason: FailureCause;
  /** The limit, in words; empty for a crash. */
  readonly expected: string;
  /** The measured value, in words. */
  readonly received: string;

  constructor(reason: FailureCause, expected: string, received: string) {
    super(expected ? `expected ${expected}, received ${received}` : received);
    this.reason = reason;
    this.expected = expected;
    this.received = received;
  }
}
