/**
 * Open Inference Protocol v2 over REST, field by field. Names in square brackets are those of
 * https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
import * as z from 'zod/mini';

/** "Tensor Data Types" of the protocol. */
export const OIP_DATATYPES = [
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP16',
  'FP32',
  'FP64',
  'BYTES',
] as const;

/**
 * [$parameters]: key/value pairs. The server obeys the parameters of the extensions in
 * `OIP_EXTENSIONS` and ignores all others.
 */
const parameters = z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])));

/** Extensions of the protocol that this server supports, by their official names. */
export const OIP_EXTENSIONS = [
  'binary_tensor_data',
  'classification',
  'statistics',
  'model_configuration',
] as const;

/** [$metadata_server_response] */
export const oipServerSchema = z.object({
  name: z.string(),
  version: z.string(),
  /** "The extensions supported by the server". */
  extensions: z.array(z.string()),
});

/** [$live_server_response] */
export const oipLiveSchema = z.object({ live: z.boolean() });

/**
 * [$ready_server_response]. The specification calls the field `live`, some clients read `ready`:
 * both are sent.
 */
export const oipReadySchema = z.object({ live: z.boolean(), ready: z.boolean() });

/** [$ready_model_response] */
export const oipModelReadySchema = z.object({ name: z.string(), ready: z.boolean() });

/** [$metadata_tensor] */
export const oipTensorMetadataSchema = z.object({
  name: z.string(),
  datatype: z.enum(OIP_DATATYPES),
  /** -1 for a dynamic size. */
  shape: z.array(z.int().check(z.minimum(-1))),
});

/** [$metadata_model_response] */
export const oipModelSchema = z.object({
  name: z.string(),
  /** "The model versions that may be explicitly requested via the appropriate endpoint." */
  versions: z.array(z.string()),
  platform: z.string(),
  inputs: z.array(oipTensorMetadataSchema),
  outputs: z.array(oipTensorMetadataSchema),
});

/** [$inference_request_input]; `data` is flat in row-major order, or nested as the shape says. */
export const oipRequestInputSchema = z.object({
  name: z.string(),
  shape: z.array(z.int().check(z.minimum(0))).check(z.minLength(1), z.maxLength(8)),
  datatype: z.enum(OIP_DATATYPES),
  /**
   * `binary_data_size`: length in bytes of this tensor's data after the JSON. `data` is then
   * absent.
   */
  parameters,
  data: z.optional(z.array(z.unknown())),
});

/**
 * [$inference_request]. Its parameter `binary_data_output` asks for every output as bytes. An
 * output's parameter `binary_data` asks for that output as bytes, and `classification` for its best
 * k classes.
 */
export const oipRequestSchema = z.object({
  /** "If specified this identifier must be returned in the response." */
  id: z.optional(z.string().check(z.maxLength(200))),
  parameters,
  inputs: z.array(oipRequestInputSchema).check(z.minLength(1)),
  /** [$inference_request_output]; "if not specified all outputs produced by the model". */
  outputs: z.optional(z.array(z.object({ name: z.string(), parameters }))),
});

/** [$response_output] */
export const oipResponseOutputSchema = z.object({
  name: z.string(),
  shape: z.array(z.int().check(z.minimum(0))),
  datatype: z.enum(OIP_DATATYPES),
  /**
   * `binary_data_size`: length in bytes of this tensor's data after the JSON. `data` is then
   * absent.
   */
  parameters,
  /** Flat, in row-major order. For a classification, strings of the form "score:index:label". */
  data: z.optional(z.array(z.union([z.number(), z.string()]))),
});

/** [$inference_response] */
export const oipResponseSchema = z.object({
  model_name: z.string(),
  model_version: z.string(),
  id: z.string(),
  outputs: z.array(oipResponseOutputSchema),
});

/** [$duration_stat] of the statistics extension: `ns` is the total time of all `count` requests. */
const duration = z.object({ count: z.int(), ns: z.int() });

/** [$stats_model_response] of the statistics extension. */
export const oipStatisticsSchema = z.object({
  model_stats: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      /** Milliseconds since the epoch; 0 if there was no inference yet. */
      last_inference: z.int(),
      inference_count: z.int(),
      execution_count: z.int(),
      inference_stats: z.object({
        success: duration,
        fail: duration,
        queue: duration,
        compute_input: duration,
        compute_infer: duration,
        compute_output: duration,
        cache_hit: duration,
        cache_miss: duration,
      }),
      /** Statistics by batch size, which this server does not count. */
      batch_stats: z.array(z.never()),
    }),
  ),
});

const configuredTensor = { name: z.string(), data_type: z.string(), dims: z.array(z.int()) };

/** The fields of Triton's ModelConfig that can be read from a model folder. */
export const oipModelConfigSchema = z.object({
  name: z.string(),
  platform: z.string(),
  backend: z.string(),
  /** 0 if the graph has a fixed batch size; `dims` then include the batch. */
  max_batch_size: z.int(),
  input: z.array(z.object({ ...configuredTensor, optional: z.boolean() })),
  output: z.array(z.object(configuredTensor)),
});

/** [$repository_index_request] of the model repository extension. */
export const oipIndexRequestSchema = z.object({ ready: z.optional(z.boolean()) });

/** [$repository_index_response] of the model repository extension. */
export const oipIndexSchema = z.array(
  z.object({
    name: z.string(),
    /** Empty if the version cannot be read. */
    version: z.string(),
    state: z.enum(['READY', 'LOADING', 'UNAVAILABLE']),
    reason: z.string(),
  }),
);

/** [$metadata_server_error_response], [$metadata_model_error_response], [$inference_error_response] */
export const oipErrorSchema = z.strictObject({ error: z.string() });

export type OipRequest = z.infer<typeof oipRequestSchema>;
export type OipRequestInput = z.infer<typeof oipRequestInputSchema>;
export type OipResponse = z.infer<typeof oipResponseSchema>;
export type OipResponseOutput = z.infer<typeof oipResponseOutputSchema>;
export type OipModel = z.infer<typeof oipModelSchema>;
export type OipTensorMetadata = z.infer<typeof oipTensorMetadataSchema>;
export type OipStatistics = z.infer<typeof oipStatisticsSchema>;
export type OipModelConfig = z.infer<typeof oipModelConfigSchema>;
export type OipIndex = z.infer<typeof oipIndexSchema>;
