import * as z from 'zod/mini';

export const windowSchema = z._default(z.enum(['1h', '24h', '7d']), '1h');

/** The store did not answer: the counts are only those that this process already had. */
const partial = z.optional(z.literal(true));

const counts = z.record(z.string(), z.number());

export const statisticsResponseSchema = z.object({
  window: windowSchema,
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  partial,
  totals: z.object({
    requests: z.number(),
    predictions: z.number(),
    batches: z.number(),
    images: z.number(),
    limited: z.number(),
    shed: z.number(),
    /** Invalid requests: 4xx except 429. */
    refused: z.number(),
    /** Server errors: 5xx except 503. */
    failed: z.number(),
    /** Pictures to which this server gave an uncertain answer. */
    uncertain: z.number(),
    byStatus: counts,
    bySource: z.object({ server: z.number(), browser: z.number() }),
    /** Answers of this server, not of devices. */
    byModel: counts,
    byLabel: counts,
    /** Predictions that browsers report. This server cannot check them. */
    reported: z.object({ uncertain: z.number(), byModel: counts, byLabel: counts }),
    cache: z.object({ hits: z.number(), misses: z.number(), ratio: z.number() }),
  }),
  latencyMs: z.object({ p50: z.number(), p90: z.number(), p95: z.number(), p99: z.number() }),
  series: z.array(z.object({ at: z.iso.datetime(), requests: z.number(), p95Ms: z.number() })),
});

export type StatisticsResponse = z.infer<typeof statisticsResponseSchema>;

export const chartSchema = z.object({
  id: z.string(),
  /** A sentence that says what was measured. */
  title: z.string(),
  kind: z.enum(['line', 'bar', 'heat', 'scatter']),
  unit: z.string(),
  x: z.object({ label: z.string(), kind: z.enum(['time', 'category', 'number']) }),
  series: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      points: z.array(z.tuple([z.union([z.string(), z.number()]), z.nullable(z.number())])),
      /** Number of pictures behind each point, where points differ in that. */
      counts: z.optional(z.array(z.int().check(z.minimum(0)))),
    }),
  ),
});

export const visualizationsResponseSchema = z.object({
  window: windowSchema,
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  partial,
  charts: z.array(chartSchema),
});

export type Chart = z.infer<typeof chartSchema>;
export type VisualizationsResponse = z.infer<typeof visualizationsResponseSchema>;

export const uptimeResponseSchema = z.object({
  model: z.object({ id: z.string(), version: z.string() }),
  loadedAt: z.iso.datetime(),
  uptimeSeconds: z.number().check(z.minimum(0)),
  warmupMs: z.number().check(z.minimum(0)),
  predictionsServed: z.int().check(z.minimum(0)),
  lastPredictionAt: z.nullable(z.iso.datetime()),
  /**
   * Share (0 to 1) of the minutes since the first heartbeat in which at least one replica was
   * ready.
   */
  availability: z.object({ '1h': z.number(), '24h': z.number(), '7d': z.number() }),
});

export type UptimeResponse = z.infer<typeof uptimeResponseSchema>;

const reportId = z.string().check(z.minLength(8), z.maxLength(64));

/** A prediction that a browser made on its device. It never contains the picture. */
export const reportSchema = z.object({
  id: reportId,
  model: z.string().check(z.maxLength(200)),
  version: z.string().check(z.maxLength(64)),
  label: z.string().check(z.maxLength(500)),
  index: z.int().check(z.minimum(0)),
  score: z.number().check(z.minimum(0), z.maximum(1)),
  /**
   * For a multi-label model: indices of all labels over the threshold. They are counted instead of
   * `index`.
   */
  selected: z.optional(z.array(z.int().check(z.minimum(0))).check(z.maxLength(10_000))),
  uncertain: z.optional(z.boolean()),
  latencyMs: z.number().check(z.minimum(0)),
  backend: z.enum(['wasm', 'webgpu']),
  at: z.iso.datetime(),
  reason: z.string().check(z.maxLength(50)),
});

export const reportsRequestSchema = z.object({
  reports: z.array(reportSchema).check(z.maxLength(500)),
});
export const reportsResponseSchema = z.object({
  accepted: z.int(),
  duplicates: z.int(),
  /**
   * Reports of an unknown model, version or label, with a time too long ago, or without a valid
   * UUID.
   */
  rejected: z.int(),
});

export const feedbackRequestSchema = z.object({
  id: reportId,
  model: z.string().check(z.maxLength(200)),
  label: z.string().check(z.maxLength(500)),
  correct: z.boolean(),
  /** For a multi-label model: indices of all labels that the answer selected. */
  selected: z.optional(z.array(z.int().check(z.minimum(0))).check(z.maxLength(10_000))),
  expectedIndex: z.optional(z.int().check(z.minimum(0))),
  /** The signature of this server's answer, unchanged. */
  signature: z.optional(z.string().check(z.maxLength(100))),
});
