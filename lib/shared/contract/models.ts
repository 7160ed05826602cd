import * as z from 'zod/mini';
import { calibrationSchema } from '../model/evaluation';
import { headSchema } from '../model/head';
import { preprocessingSchema } from '../model/preprocessing';
import { modelRefSchema } from './predict';

export const modelFileSchema = z.object({
  path: z.string(),
  bytes: z.int().check(z.minimum(0)),
  sha256: z.string(),
  /** Path on this server. It names the revision, so its content never changes. */
  url: z.string(),
});

/** An installed model, and where a browser loads it from. */
export const modelSummarySchema = z.extend(modelRefSchema, {
  default: z.boolean(),
  /** Hash over all files of the folder, as long as a SHA-1, the way a hub names a commit. */
  revision: z.string().check(z.regex(/^[0-9a-f]{40}$/)),
  modelType: z.optional(z.string()),
  labels: z.array(z.string()),
  /** The settings for a prepared picture; absent if the model takes pictures of any shape. */
  preprocessing: z.extend(preprocessingSchema, {
    version: z.optional(z.string().check(z.regex(/^[0-9a-f]{12}$/))),
    width: z.optional(z.int().check(z.minimum(1))),
    height: z.optional(z.int().check(z.minimum(1))),
    channels: z.optional(z.literal([1, 3])),
  }),
  /** Calibration and uncertainty rule; absent in what an older version of this page stored. */
  sureness: z.optional(calibrationSchema),
  /** What the graph's output means; absent in what an older version of this page stored. */
  head: z.optional(headSchema),
  input: z.optional(
    z.object({ width: z.int().check(z.minimum(1)), height: z.int().check(z.minimum(1)) }),
  ),
  meanAveragePrecision: z.optional(z.object({ value: z.number(), images: z.int() })),
  accuracy: z.optional(z.object({ top1: z.number(), top5: z.number(), images: z.int() })),
  /** The file that a browser loads: the smallest that agrees with the whole model. */
  deviceFile: z.optional(z.string()),
  /** The external weight files of `deviceFile`, if it has any. */
  deviceData: z.optional(z.array(z.string())),
  files: z.array(modelFileSchema),
});

export const modelsResponseSchema = z.object({
  models: z.array(modelSummarySchema),
  /** Folders that cannot be served, each with the reason. */
  broken: z.optional(z.array(z.object({ id: z.string(), reason: z.string() }))),
});

export type ModelFile = z.infer<typeof modelFileSchema>;
export type ModelSummary = z.infer<typeof modelSummarySchema>;
export type ModelsResponse = z.infer<typeof modelsResponseSchema>;

export const MODEL_FILE_PATH = 'onnx/model.onnx';
