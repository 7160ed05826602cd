import { z } from 'zod';

/**
 * The image-classification task of Hugging Face's inference API, by its own names
 * (https://huggingface.co/docs/inference-providers/tasks/image-classification).
 */
export const hfRequestSchema = z.object({
  /** The picture in base64. */
  inputs: z.string().min(1),
  parameters: z
    .object({
      top_k: z.int().min(1).nullish(),
      function_to_apply: z.enum(['softmax', 'sigmoid', 'none']).nullish(),
    })
    .nullish(),
});

export const hfResponseSchema = z.array(z.object({ label: z.string(), score: z.number() }));

export type HfParameters = NonNullable<z.infer<typeof hfRequestSchema>['parameters']>;
export type HfResponse = z.infer<typeof hfResponseSchema>;
