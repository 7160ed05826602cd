import * as z from 'zod/mini';
import { HEADS } from '../model/head';
import { EXPLANATION_METHODS } from '../vision/explain/heat-map';

export const DEFAULT_TOP_K = 5;

/** Formats that are read, by the name the answer gives them. */
export const IMAGE_FORMATS = ['jpeg', 'png', 'webp', 'avif', 'gif'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

export const IMAGE_FORMATS_SENTENCE = 'a JPEG, PNG, WebP, AVIF or GIF picture';

export const predictionSchema = z.object({
  label: z.string(),
  /** How it is shown, where its first name is another label's as well. */
  name: z.optional(z.string()),
  index: z.int().check(z.minimum(0)),
  score: z.number().check(z.minimum(0), z.maximum(1)),
  /** Of a multi-label head: whether the score is at least the model's threshold. */
  selected: z.optional(z.boolean()),
});

export const modelRefSchema = z.object({
  id: z.string(),
  /** First 12 hex digits of the SHA-256 of the model file. */
  version: z.string().check(z.regex(/^[0-9a-f]{12}$/)),
});

/** Where the evidence for a label lies: rows from the top, over the whole picture, 0 to 1. */
export const explanationSchema = z.object({
  method: z.enum(EXPLANATION_METHODS),
  index: z.int().check(z.minimum(0)),
  width: z.int().check(z.minimum(1)),
  height: z.int().check(z.minimum(1)),
  values: z.array(z.number().check(z.minimum(0), z.maximum(1))),
});

/** Milliseconds of each step; `totalMs` is from the first byte of the request to the answer. */
export const timingsSchema = z.object({
  decodeMs: z.number().check(z.minimum(0)),
  queueMs: z.number().check(z.minimum(0)),
  inferenceMs: z.number().check(z.minimum(0)),
  totalMs: z.number().check(z.minimum(0)),
});

export const predictResponseSchema = z.object({
  id: z.uuid(),
  model: modelRefSchema,
  /** What scores mean: docs/models.md. Those of a multi-label head do not sum to 1. */
  head: z.enum(HEADS),
  predictions: z.array(predictionSchema).check(z.minLength(1)),
  /** The model does not know: docs/uncertainty.md has the rule. */
  uncertain: z.boolean(),
  image: z.object({
    width: z.int().check(z.minimum(1)),
    height: z.int().check(z.minimum(1)),
    format: z.enum(IMAGE_FORMATS),
    sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
    /** The sender resized and cropped it; sizes and hash are of what was sent. */
    prepared: z.optional(z.literal(true)),
  }),
  cached: z.boolean(),
  source: z.literal('server'),
  timings: timingsSchema,
  /** To be sent with feedback: shows that this server gave the answer. */
  signature: z.optional(z.string()),
  /** Where `explain` asked for it. */
  explanation: z.optional(explanationSchema),
});

export type Timings = z.infer<typeof timingsSchema>;
export type PredictResponse = z.infer<typeof predictResponseSchema>;

/** Body of a JSON request: the picture in base64, alone or as a data URL. */
export const predictJsonBodySchema = z.object({ image: z.string().check(z.minLength(1)) });
