/** What page and inference worker say to each other; every request has an id, every reply names it. */
import type { Prediction } from '../shared/vision/ranking';
import type { Scores } from '../shared/model/graph-model';
import type { Preprocessing } from '../shared/model/preprocessing';

export interface LoadRequest {
  readonly kind: 'load';
  readonly backend: 'wasm' | 'webgpu';
  readonly scriptUrl: string;
  /** Moved, not copied. */
  readonly wasmBinary: ArrayBuffer;
  /** Moved, not copied. */
  readonly modelBytes: ArrayBuffer;
  readonly threads: number;
  readonly preprocessing: Preprocessing;
  /** Found out by trying where the model's folder does not say. */
  readonly scores?: Scores | undefined;
  readonly labels: readonly string[];
}

export interface ClassifyRequest {
  readonly kind: 'classify';
  /** A file, or a frame of a camera, which is moved. */
  readonly picture: Blob | ImageBitmap;
  readonly topK: number;
  readonly maxImagePixels: number;
}

export type WorkerRequest = { readonly requestId: number } & (LoadRequest | ClassifyRequest);

export interface LoadReply {
  readonly kind: 'loaded';
  readonly warmupMs: number;
}

export interface ClassifyReply {
  readonly kind: 'classified';
  readonly width: number;
  readonly height: number;
  readonly predictions: readonly Prediction[];
  readonly decodeMs: number;
  readonly inferenceMs: number;
}

export type DeviceErrorCode =
  'undecodable-image' | 'too-many-pixels' | 'altered-pixels' | 'load-failed' | 'inference-failed';

export type WorkerReply = { readonly requestId: number } & (
  | LoadReply
  | ClassifyReply
  | { readonly kind: 'failed'; readonly code: DeviceErrorCode; readonly message: string }
);
