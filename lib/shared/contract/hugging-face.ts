import * as z from 'zod/mini';

/**
 * The image-classification task of Hugging Face's inference API, by its own names
 * (https://huggingface.co/docs/inference-providers/tasks/image-classification).
 */
export const hfRequestSchema = z.object({
  /** The picture in base64. */
  inputs: z.string().check(z.minLength(1)),
  parameters: z.nullish(
    z.object({
      top_k: z.nullish(z.int().check(z.minimum(1))),
      function_to_apply: z.nullish(z.enum(['softmax', 'sigmoid', 'none'])),
    }),
  ),
});

export const hfResponseSchema = z.array(z.object({ label: z.string(), score: z.number() }));

export type HfParameters = NonNullable<z.infer<typeof hfRequestSchema>['parameters']>;
export type HfResponse = z.infer<typeof hfResponseSchema>;
