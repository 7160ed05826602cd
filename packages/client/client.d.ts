/** Types of the client: client.js of each Sightline server, and this package. */

/** One label with its probability. */
export interface Prediction {
  readonly label: string;
  /** How it is shown, where its first name is another label's as well. */
  readonly name?: string | undefined;
  /** Position of the class in the model's output. */
  readonly index: number;
  /** 0 to 1. */
  readonly score: number;
  /** Of a multi-label model: the score is at least the threshold. */
  readonly selected?: boolean | undefined;
}

/** Problem details (RFC 9457), as the server says what is wrong. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly expected?: string | undefined;
  readonly received?: string | undefined;
}

/** What an answer has wherever it was computed. */
export interface Answer {
  readonly id: string;
  readonly model: { readonly id: string; readonly version: string };
  readonly predictions: readonly Prediction[];
  /** The model had better not be believed. */
  readonly uncertain: boolean;
  readonly image: { readonly width: number; readonly height: number };
  readonly source: 'server' | 'browser';
}

export type Choice = 'automatic' | 'device' | 'server';

/** Why the device answered. */
export type DeviceReason =
  'chosen' | 'again' | 'offline' | 'network' | 'timeout' | 'limited' | 'server-error' | 'format';

export type ServerFailure =
  | { readonly kind: 'network' }
  | { readonly kind: 'timeout'; readonly timeoutMs: number }
  | { readonly kind: 'status'; readonly status: number; readonly foreign?: boolean };

/** An answer, where it was computed and, on the device, why there. */
export type Classified =
  | { readonly on: 'server'; readonly answer: Answer; readonly elapsedMs: number }
  | {
      readonly on: 'device';
      readonly answer: Answer;
      readonly elapsedMs: number;
      readonly reason: DeviceReason;
      readonly failure: ServerFailure | undefined;
    };

/** One picture of many: a ranking with status 200, or a problem. */
export interface ManyResult {
  /** Position among the pictures. */
  readonly index: number;
  readonly name: string;
  readonly status: number;
  readonly predictions?: readonly Prediction[];
  readonly uncertain?: boolean;
  readonly problem?: Problem;
}

/** The server did not answer, or not with what was asked for. */
export declare class ServerError extends Error {
  readonly failure: ServerFailure;
  readonly problem: Problem | undefined;
  /** When the server said to come again. */
  readonly retryAfterMs: number | undefined;
}

export interface SightlineOptions {
  /** Origin of the server; the one that the module came from by default. */
  readonly server?: string;
  readonly key?: string;
  /** Id of a model; the server's default one without. */
  readonly model?: string;
  /** False keeps every picture for the server; true is the default. */
  readonly device?: boolean;
}

export interface ClassifyOptions {
  /** `automatic` by default. */
  readonly choice?: Choice;
  /** How many labels. */
  readonly topK?: number;
  readonly signal?: AbortSignal;
}

/** One server, and the same model on this device for when it cannot answer. */
export declare class Sightline {
  constructor(options?: SightlineOptions);
  /** Throws ServerError, an error of the device, or the reason of `signal`. */
  classify(picture: Blob, options?: ClassifyOptions): Promise<Classified>;
  /** On the server, 32 at a time; a result or a problem for each, in order. */
  classifyMany(
    pictures: Iterable<File>,
    options?: Pick<ClassifyOptions, 'topK' | 'signal'>,
  ): AsyncGenerator<ManyResult>;
  models(signal?: AbortSignal): Promise<{
    readonly models: readonly {
      readonly id: string;
      readonly version: string;
      readonly default: boolean;
      readonly labels: readonly string[];
    }[];
  }>;
  readonly hasDevice: boolean;
  /** Loads the model onto this device ahead of need. */
  prepareDevice(): Promise<void>;
}
