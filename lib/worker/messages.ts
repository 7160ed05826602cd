/** What page and inference worker say to each other; every request has an id, every reply names it. */
import type { Ranked } from '../shared/vision/answer';
import type { Explanation, ExplanationMethod } from '../shared/vision/explain/heat-map';
import type { Calibration } from '@/lib/shared/model/evaluation';
import type { Head } from '@/lib/shared/model/head';
import type { Preprocessing } from '../shared/model/preprocessing';

export interface LoadRequest {
  readonly kind: 'load';
  readonly backend: 'wasm' | 'webgpu';
  readonly scriptUrl: string;
  /** Moved, not copied. */
  readonly wasmBinary: ArrayBuffer;
  /** Moved, not copied. */
  readonly modelBytes: ArrayBuffer;
  /** Files that the model keeps weights in, by the names it has for them. */
  readonly weights?: readonly { readonly path: string; readonly data: ArrayBuffer }[];
  readonly threads: number;
  readonly preprocessing: Preprocessing;
  readonly head: Head;
  readonly labels: readonly string[];
  readonly calibration: Calibration;
}

export interface ClassifyRequest {
  readonly kind: 'classify';
  /** A file, or a frame of a camera, which is moved. */
  readonly picture: Blob | ImageBitmap;
  /** As many as `rank` gives where it is left out. */
  readonly topK?: number | undefined;
  readonly maxImagePixels: number;
}

export interface ExplainRequest {
  readonly kind: 'explain';
  readonly picture: Blob;
  readonly maxImagePixels: number;
  /** The class to explain. */
  readonly index: number;
  /** The best that the model has, where none is named. */
  readonly method?: ExplanationMethod;
}

/** Not answered itself: the request it names fails with `stopped`. */
export interface CancelRequest {
  readonly kind: 'cancel';
}

/** What is answered, sooner or later. */
export type AnsweredRequest = LoadRequest | ClassifyRequest | ExplainRequest;

export type WorkerRequest = { readonly requestId: number } & (AnsweredRequest | CancelRequest);

export interface LoadReply {
  readonly kind: 'loaded';
  readonly warmupMs: number;
}

export interface ClassifyReply extends Ranked {
  readonly kind: 'classified';
  readonly width: number;
  readonly height: number;
  readonly decodeMs: number;
  readonly inferenceMs: number;
}

export interface ExplainReply {
  readonly kind: 'explained';
  readonly explanation: Explanation;
}

/** Comes any number of times before the reply itself. */
export interface ProgressReply {
  readonly kind: 'progress';
  readonly done: number;
  readonly total: number;
}

export type DeviceErrorCode =
  | 'stopped'
  | 'undecodable-image'
  | 'too-many-pixels'
  | 'altered-pixels'
  | 'unsupported-picture'
  | 'decoder-missing'
  | 'load-failed'
  | 'inference-failed';

export type WorkerReply = { readonly requestId: number } & (
  | LoadReply
  | ClassifyReply
  | ExplainReply
  | ProgressReply
  | { readonly kind: 'failed'; readonly code: DeviceErrorCode; readonly message: string }
);
