import * as z from 'zod/mini';

/**
 * The image-classification task of Hugging Face's inference API, with its own field names
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

const lfs = z.object({
  /** SHA-256 of the file. `sha256` repeats it, because some clients read that name. */
  oid: z.string(),
  sha256: z.string(),
  size: z.int(),
  pointerSize: z.int(),
});

/**
 * A model as the hub's API describes it. Sizes and hashes are present if the client asked for them.
 */
export const hubModelSchema = z.object({
  id: z.string(),
  modelId: z.string(),
  sha: z.string(),
  private: z.boolean(),
  gated: z.boolean(),
  disabled: z.boolean(),
  pipeline_tag: z.string(),
  tags: z.array(z.string()),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: z.optional(z.int()),
      blobId: z.optional(z.string()),
      lfs: z.optional(lfs),
    }),
  ),
});

export const hubModelsSchema = z.array(hubModelSchema);

export const hubFileEntrySchema = z.object({
  type: z.enum(['file', 'directory']),
  path: z.string(),
  oid: z.string(),
  size: z.int(),
  lfs: z.optional(lfs),
});

export const hubTreeSchema = z.array(hubFileEntrySchema);

export type HubModel = z.infer<typeof hubModelSchema>;
export type HubFileEntry = z.infer<typeof hubFileEntrySchema>;
export type HfParameters = NonNullable<z.infer<typeof hfRequestSchema>['parameters']>;
export type HfResponse = z.infer<typeof hfResponseSchema>;
