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

/** Name and shape of an input or output of a graph; -1 where a size is free. */
export interface TensorSignature {
  readonly name: string;
  readonly shape: readonly number[];
}

/** What a graph takes and gives; every tensor holds 32-bit floats. */
export interface ModelSignature {
  readonly modelId: string;
  readonly input: TensorSignature;
  readonly outputs: readonly TensorSignature[];
  /** The output with one value a class. */
  readonly logits: string;
}

/** Posted by a pool worker once, when its sessions are loaded and warmed up. */
export interface WorkerReady {
  readonly kind: 'ready';
  readonly warmupMs: number;
  /** How long a typical picture took in the end, a first guess of what a task costs. */
  readonly typicalTaskMs: number;
  readonly signatures: readonly ModelSignature[];
}

export interface NamedTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

export interface ClassifyTask {
  readonly kind: 'classify';
  readonly modelId: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Outputs wanted beside the logits; the name of the input gives the tensor that went in. */
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
      readonly evidenceSpread: number | undefined;
      readonly extra: readonly NamedTensor[];
      readonly decodeMs: number;
      /** Preprocessing and the model's run. */
      readonly inferenceMs: number;
    }
  | { readonly ok: false; readonly problem: DecodeProblem };

/** A tensor that is ready for the model, with any number of pictures. */
export interface TensorTask {
  readonly kind: 'tensor';
  readonly modelId: string;
  readonly data: Float32Array<ArrayBuffer>;
  readonly dims: readonly number[];
  readonly outputs: readonly string[];
}

/** The outputs in the order they were asked for; they may hold what is not finite. */
export interface TensorResult {
  readonly outputs: readonly NamedTensor[];
  readonly inferenceMs: number;
}

export type PoolTask = ClassifyTask | TensorTask;
export type PoolResult = ClassifyResult | TensorResult;
