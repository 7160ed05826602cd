import type { Preprocessing } from '../../shared/model/preprocessing';
import type { DecodeLimits, DecodeProblem } from '../intake/decode';

/** What a pool worker needs to know of a model. */
export interface WorkerModel {
  readonly id: string;
  readonly onnxFile: string;
  readonly preprocessing: Preprocessing;
  readonly classCount: number;
}

/** Given to each pool worker when it starts. */
export interface WorkerSetup {
  readonly models: readonly WorkerModel[];
  readonly limits: DecodeLimits;
}

/** Posted by a pool worker once, when its sessions are loaded and warmed up. */
export interface WorkerReady {
  readonly kind: 'ready';
  readonly warmupMs: number;
  /** How long a typical picture took in the end, a first guess of what a task costs. */
  readonly typicalTaskMs: number;
}

export interface ClassifyTask {
  readonly modelId: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export type ClassifyResult =
  | {
      readonly ok: true;
      readonly width: number;
      readonly height: number;
      /** One for each class, in the order of the model's output; all finite. */
      readonly logits: Float32Array;
      readonly decodeMs: number;
      /** Preprocessing and the model's run. */
      readonly inferenceMs: number;
    }
  | { readonly ok: false; readonly problem: DecodeProblem };
