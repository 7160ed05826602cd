/** KServe's protocol v1, https://kserve.github.io/website/latest/modelserving/data_plane/v1_protocol/ */
import * as z from 'zod/mini';
import { predictionSchema } from './predict';

export const v1ModelsSchema = z.object({ models: z.array(z.string()) });

export const v1ModelSchema = z.object({ name: z.string(), ready: z.boolean() });

/**
 * Each instance is either a picture in base64, alone or as the one field of an object (`b64`,
 * `{"image_bytes": {"b64": "…"}}`), or the model's input tensor as nested numbers.
 */
export const v1RequestSchema = z.object({
  instances: z.array(z.unknown()).check(z.minLength(1)),
});

/** For each instance its best labels, highest score first. */
export const v1ResponseSchema = z.object({ predictions: z.array(z.array(predictionSchema)) });

export type V1Response = z.infer<typeof v1ResponseSchema>;
