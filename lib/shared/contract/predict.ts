import * as z from 'zod/mini';
import { HEADS } from '../model/head';
import { EXPLANATION_METHODS } from '../vision/explain/heat-map';

export const DEFAULT_TOP_K = 5;

/** Picture formats that the server reads, by their names in the answer. */
export const IMAGE_FORMATS = ['jpeg', 'png', 'webp', 'avif', 'gif'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

export const IMAGE_FORMATS_SENTENCE = 'a JPEG, PNG, WebP, AVIF or GIF picture';

export const predictionSchema = z.object({
  label: z.string(),
  /** The shown name, present if the label's first name belongs to another label as well. */
  name: z.optional(z.string()),
  index: z.int().check(z.minimum(0)),
  score: z.number().check(z.minimum(0), z.maximum(1)),
  /** For a multi-label head: whether the score reaches the model's threshold. */
  selected: z.optional(z.boolean()),
});

export const modelRefSchema = z.object({
  id: z.string(),
  /** First 12 hex digits of the SHA-256 of the model file. */
  version: z.string().check(z.regex(/^[0-9a-f]{12}$/)),
});

/** Where the evidence for a label lies: values 0 to 1 over the whole picture, rows from the top. */
export const explanationSchema = z.object({
  method: z.enum(EXPLANATION_METHODS),
  index: z.int().check(z.minimum(0)),
  width: z.int().check(z.minimum(1)),
  height: z.int().check(z.minimum(1)),
  values: z.array(z.number().check(z.minimum(0), z.maximum(1))),
});

/** Milliseconds of each step. `totalMs` runs from the first byte of the request to the answer. */
export const timingsSchema = z.object({
  decodeMs: z.number().check(z.minimum(0)),
  queueMs: z.number().check(z.minimum(0)),
  inferenceMs: z.number().check(z.minimum(0)),
  totalMs: z.number().check(z.minimum(0)),
});

export const predictResponseSchema = z.object({
  id: z.uuid(),
  model: modelRefSchema,
  /** What the scores mean (docs/models.md). Scores of a multi-label head do not sum to 1. */
  head: z.enum(HEADS),
  predictions: z.array(predictionSchema).check(z.minLength(1)),
  /** Whether the model is uncertain; docs/uncertainty.md has the rule. */
  uncertain: z.boolean(),
  image: z.object({
    width: z.int().check(z.minimum(1)),
    height: z.int().check(z.minimum(1)),
    format: z.enum(IMAGE_FORMATS),
    sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
    /**
     * The sender resized and cropped the picture. Sizes and hash are those of the bytes that were
     * sent.
     */
    prepared: z.optional(z.literal(true)),
  }),
  cached: z.boolean(),
  source: z.literal('server'),
  timings: timingsSchema,
  /** Signature of this server. Feedback sends it back to prove where the answer came from. */
  signature: z.optional(z.string()),
  /** Present if the request asked for it with `explain`. */
  explanation: z.optional(explanationSchema),
});

export type Timings = z.infer<typeof timingsSchema>;
export type PredictResponse = z.infer<typeof predictResponseSchema>;

/** Body of a JSON request: the picture in base64, alone or as a data URL. */
export const predictJsonBodySchema = z.object({ image: z.string().check(z.minLength(1)) });
