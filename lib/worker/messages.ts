/**
 * Messages between the page and the inference worker. Every request has an id, and every reply
 * carries the id of its request.
 */
import type { Ranked } from '../shared/vision/answer';
import type { Explanation, ExplanationMethod } from '../shared/vision/explain/heat-map';
import type { Calibration } from '@/lib/shared/model/evaluation';
import type { Head } from '@/lib/shared/model/head';
import type { Preprocessing } from '../shared/model/preprocessing';

export interface LoadRequest {
  readonly kind: 'load';
  readonly backend: 'wasm' | 'webgpu';
  readonly scriptUrl: string;
  /** Transferred, not copied. */
  readonly wasmBinary: ArrayBuffer;
  /** Transferred, not copied. */
  readonly modelBytes: ArrayBuffer;
  /** The model's external weight files; `path` is the name that the model uses. */
  readonly weights?: readonly { readonly path: string; readonly data: ArrayBuffer }[];
  readonly threads: number;
  readonly preprocessing: Preprocessing;
  readonly head: Head;
  readonly labels: readonly string[];
  readonly calibration: Calibration;
}

export interface ClassifyRequest {
  readonly kind: 'classify';
  /** A file, or a camera frame, which is transferred. */
  readonly picture: Blob | ImageBitmap;
  /** How many labels to return; the default is that of `rank`. */
  readonly topK?: number | undefined;
  readonly maxImagePixels: number;
}

export interface ExplainRequest {
  readonly kind: 'explain';
  readonly picture: Blob;
  readonly maxImagePixels: number;
  /** Index of the class to explain. */
  readonly index: number;
  /** Default: the best method that the model offers. */
  readonly method?: ExplanationMethod;
}

/**
 * Has no reply of its own. An explanation that it cancels fails with `stopped`; loading and
 * classifying run to their end.
 */
export interface CancelRequest {
  readonly kind: 'cancel';
}

/** The requests that get exactly one final reply. */
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

/** Sent any number of times before the final reply. */
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
