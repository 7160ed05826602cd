import type { GraphSignature } from '@/lib/shared/model/graph';
import type { GraphModelOptions, NamedTensor } from '@/lib/shared/model/graph-model';
import type { Head } from '@/lib/shared/model/head';
import type { DecodeLimits, DecodeProblem } from '../intake/decode';
import type { SizeProblem } from './decode-prepared';

export type { TensorSignature } from '@/lib/shared/model/graph';
export type { NamedTensor } from '@/lib/shared/model/graph-model';

/** What a pool worker needs to know of a model. */
export interface WorkerModel extends GraphModelOptions {
  readonly id: string;
  /** Two versions are two models under the same name. */
  readonly version?: string;
  readonly onnxFile: string;
}

/** The execution provider in use, and the preferred ones that do not work here. */
export interface ExecutionProviders {
  readonly used: string;
  readonly missing: readonly { readonly name: string; readonly reason: string }[];
}

/** Given to each pool worker when it starts. */
export interface WorkerSetup {
  readonly models: readonly WorkerModel[];
  readonly limits: DecodeLimits;
  /** In the order of preference; the processor by default. */
  readonly executionProviders?: readonly string[];
}

/** What a graph takes and gives, and what its outputs mean. */
export interface ModelSignature extends GraphSignature {
  readonly modelId: string;
  readonly head: Head;
  /** Whether class activations can be asked for, as an output or made from others. */
  readonly hasActivations: boolean;
}

/** A worker process sends this after loading a model that it did not start with. */
interface WorkerLoaded {
  readonly kind: 'loaded';
  readonly typicalTaskMs: number;
}

/** Posted by a pool worker once, when its sessions are loaded and warmed up. */
export interface WorkerReady {
  readonly kind: 'ready';
  readonly warmupMs: number;
  /** How long a picture took at the end of the warm-up: the first estimate of a task's cost. */
  readonly typicalTaskMs: number;
  readonly signatures: readonly ModelSignature[];
  readonly providers: ExecutionProviders;
  /** Models that could not be loaded, while others could. */
  readonly failures: readonly { readonly modelId: string; readonly reason: string }[];
}

/** What a pool thread starts with. */
export interface ThreadData {
  readonly setup: WorkerSetup;
  /** Shared by all threads, for tests: 1 makes one thread end instead of answering. */
  readonly crash: Int32Array;
}

/** As `WorkerReady`, with the id of the thread that sends it. */
export interface ThreadReady extends WorkerReady {
  readonly threadId: number;
}

export interface ClassifyTask {
  readonly kind: 'classify';
  readonly modelId: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Names the picture in the log, and recognises one that has ended a worker. */
  readonly sha256?: string | undefined;
  /** The sender has resized and cropped the picture. */
  readonly isPrepared?: boolean;
  /** Requested outputs besides the logits; the input's name returns the input tensor. */
  readonly extraOutputs?: readonly string[];
}

export type ClassifyResult =
  | {
      readonly ok: true;
      readonly width: number;
      readonly height: number;
      /** One for each class, in the order of the model's output; all finite. */
      readonly logits: Float32Array<ArrayBuffer>;
      /** Of the class activations, where the model has them. */
      readonly activationEnergySpread: number | undefined;
      readonly extra: readonly NamedTensor[];
      readonly decodeMs: number;
      /** Preprocessing and the model's run. */
      readonly inferenceMs: number;
    }
  | { readonly ok: false; readonly problem: DecodeProblem | SizeProblem };

/** A tensor that is ready for the model, with any number of pictures. */
export interface TensorTask {
  readonly kind: 'tensor';
  readonly modelId: string;
  readonly data: Float32Array<ArrayBuffer>;
  readonly dims: readonly number[];
  readonly outputs: readonly string[];
}

/** The outputs in the requested order; their values may be infinite or NaN. */
export interface TensorResult {
  readonly outputs: readonly NamedTensor[];
  readonly inferenceMs: number;
}

/** Loads the model, to test whether it can be loaded. */
export interface LoadTask {
  readonly kind: 'load';
}

export type LoadResult =
  | { readonly ok: true; readonly signature: ModelSignature }
  | { readonly ok: false; readonly reason: string };

export type PoolTask = ClassifyTask | TensorTask;
export type PoolResult = ClassifyResult | TensorResult;

/** A task for a worker, which first loads the model if it does not have it yet. */
export type WorkerTask = (PoolTask | LoadTask) & { readonly model: WorkerModel };
export type WorkerResult = PoolResult | LoadResult;

/** Messages to a worker process. */
export type ToWorker =
  | { readonly kind: 'ping' }
  | { readonly kind: 'setup'; readonly setup: WorkerSetup }
  | { readonly kind: 'task'; readonly task: WorkerTask };

/** Messages from a worker process; `failed` is the last one of a process that could not start. */
export type FromWorker =
  | WorkerReady
  | WorkerLoaded
  | { readonly kind: 'pong' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'result'; readonly result: WorkerResult }
  | { readonly kind: 'error'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };
