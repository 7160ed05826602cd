/** The contract's schemas by the names that the OpenAPI file gives them. */
import { z } from 'zod';
import { batchResponseSchema, batchResultSchema } from '@/lib/shared/contract/batch';
import { healthResponseSchema } from '@/lib/shared/contract/health';
import {
  hfRequestSchema,
  hfResponseSchema,
  hubModelSchema,
  hubModelsSchema,
  hubTreeSchema,
} from '@/lib/shared/contract/hugging-face';
import {
  modelFileSchema,
  modelsResponseSchema,
  modelSummarySchema,
} from '@/lib/shared/contract/models';
import {
  v1ModelSchema,
  v1ModelsSchema,
  v1RequestSchema,
  v1ResponseSchema,
} from '@/lib/shared/contract/kserve-v1';
import {
  oipErrorSchema,
  oipIndexRequestSchema,
  oipIndexSchema,
  oipLiveSchema,
  oipModelConfigSchema,
  oipModelReadySchema,
  oipModelSchema,
  oipReadySchema,
  oipRequestSchema,
  oipResponseSchema,
  oipServerSchema,
  oipStatisticsSchema,
} from '@/lib/shared/contract/open-inference';
import {
  modelRefSchema,
  predictionSchema,
  predictResponseSchema,
  timingsSchema,
} from '@/lib/shared/contract/predict';
import { problemSchema } from '@/lib/shared/contract/problems';
import {
  chartSchema,
  feedbackRequestSchema,
  reportSchema,
  reportsRequestSchema,
  reportsResponseSchema,
  statisticsResponseSchema,
  uptimeResponseSchema,
  visualizationsResponseSchema,
} from '@/lib/shared/contract/statistics';

/** Schemas of requests; unknown fields are allowed. */
const REQUESTS = {
  Report: reportSchema,
  ReportsRequest: reportsRequestSchema,
  FeedbackRequest: feedbackRequestSchema,
  HuggingFaceRequest: hfRequestSchema,
  InferenceRequest: oipRequestSchema,
  InferenceIndexRequest: oipIndexRequestSchema,
  V1Request: v1RequestSchema,
};

/** Schemas of answers; they have no other fields. */
const RESPONSES = {
  Prediction: predictionSchema,
  ModelRef: modelRefSchema,
  Timings: timingsSchema,
  PredictResponse: predictResponseSchema,
  BatchResult: batchResultSchema,
  BatchResponse: batchResponseSchema,
  HealthResponse: healthResponseSchema,
  UptimeResponse: uptimeResponseSchema,
  ModelFile: modelFileSchema,
  ModelSummary: modelSummarySchema,
  ModelsResponse: modelsResponseSchema,
  StatisticsResponse: statisticsResponseSchema,
  Chart: chartSchema,
  VisualizationsResponse: visualizationsResponseSchema,
  CountedOnce: reportsResponseSchema,
  Problem: problemSchema,
  HuggingFaceResponse: hfResponseSchema,
  HubModel: hubModelSchema,
  HubModels: hubModelsSchema,
  HubTree: hubTreeSchema,
  InferenceServer: oipServerSchema,
  InferenceServerLive: oipLiveSchema,
  InferenceServerReady: oipReadySchema,
  InferenceModel: oipModelSchema,
  InferenceModelReady: oipModelReadySchema,
  InferenceResponse: oipResponseSchema,
  InferenceModelConfig: oipModelConfigSchema,
  InferenceStatistics: oipStatisticsSchema,
  InferenceIndex: oipIndexSchema,
  InferenceError: oipErrorSchema,
  V1Models: v1ModelsSchema,
  V1Model: v1ModelSchema,
  V1Response: v1ResponseSchema,
};

export type SchemaName = keyof typeof REQUESTS | keyof typeof RESPONSES;

export type JsonSchema = Record<string, unknown>;

export function refTo(name: SchemaName): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

/** All of them in JSON Schema 2020-12, which OpenAPI 3.1 speaks. */
export function componentSchemas(): Record<string, JsonSchema> {
  return { ...convert(REQUESTS, 'input'), ...convert(RESPONSES, 'output') };
}

function convert(
  schemas: Record<string, z.core.$ZodType>,
  io: 'input' | 'output',
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const { schemas: converted } = z.toJSONSchema(registry, {
    io,
    target: 'draft-2020-12',
    uri: (id) => `#/components/schemas/${id}`,
    override: ({ jsonSchema }) => simplify(jsonSchema),
  });
  for (const schema of Object.values(converted) as JsonSchema[]) {
    delete schema.$id;
    delete schema.$schema;
  }
  return converted;
}

/**
 * Removes what `format` or `type` already implies: a format's pattern, the range of every integer.
 */
function simplify(schema: JsonSchema): void {
  if (schema.format !== undefined) delete schema.pattern;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (Array.isArray(schema.prefixItems)) closeTuple(schema, schema.prefixItems.length);
}

/** Some tools require `items` in every array, and minItems and maxItems for a tuple. */
function closeTuple(schema: JsonSchema, length: number): void {
  if (typeof schema.items !== 'object') schema.items = {};
  schema.minItems ??= length;
  schema.maxItems ??= length;
}
