/**
 * The reports that `npm run loadtest` writes to bench/results and that the page /load-tests shows.
 */
import * as z from 'zod/mini';

const latency = z.object({
  mean: z.number(),
  min: z.number(),
  p50: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
});

export const figuresSchema = z.object({
  requests: z.int(),
  succeeded: z.int(),
  /** Answers with status 429. */
  limited: z.int(),
  /** Answers with status 503. */
  shed: z.int(),
  /** Answers with any other 5xx status. */
  serverErrors: z.int(),
  /** `otherStatuses`: answers with any other status. `unanswered`: requests without an answer. */
  otherStatuses: z.int(),
  unanswered: z.int(),
  requestsPerSecond: z.number(),
  /** Milliseconds from sending the request to the last byte; null if there was no such answer. */
  latencyOfSuccesses: z.nullable(latency),
  latencyOfAll: z.nullable(latency),
});

export const runSchema = z.object({
  name: z.string(),
  /**
   * Either users with think time (closed loop), or requests at fixed moments whatever the answers
   * take (open loop).
   */
  load: z.union([
    z.object({ users: z.int(), arrivingPerSecond: z.number() }),
    z.object({ startedPerSecond: z.number() }),
  ]),
  replicas: z.int(),
  seconds: z.number(),
  total: figuresSchema,
  routes: z.array(z.object({ route: z.string(), figures: figuresSchema })),
  /** Pictures that were classified, batches included, and how many of them the cache answered. */
  pictures: z.object({ ranked: z.int(), cached: z.int() }),
  processor: z.object({
    /** User and system time of all replicas together. */
    serverMsPerPicture: z.nullable(z.number()),
    /** Processors kept busy, on average. */
    server: z.number(),
    loadGenerator: z.number(),
  }),
});

export const checkSchema = z.object({ what: z.string(), received: z.string(), holds: z.boolean() });

export const reportSchema = z.object({
  /** Name of the setup. A new report replaces an older one with the same name. */
  variant: z.string(),
  title: z.string(),
  command: z.string(),
  at: z.iso.datetime(),
  commit: z.string(),
  machine: z.string(),
  settings: z.record(z.string(), z.string()),
  assumptions: z.array(z.string()),
  runs: z.array(runSchema),
  checks: z.array(checkSchema),
});

export const loadTestsSchema = z.object({ reports: z.array(reportSchema) });

/** The system before this one. Figures that nobody recorded are absent. */
export const oldSystemSchema = z.object({
  about: z.string(),
  runs: z.array(
    z.object({
      name: z.string(),
      users: z.int(),
      arrivingPerSecond: z.int(),
      requests: z.int(),
      succeeded: z.int(),
      failed: z.int(),
      meanMs: z.number(),
      medianMs: z.number(),
      requestsPerSecond: z.number(),
    }),
  ),
  /** Of the run "normal" only. */
  normal: z.object({
    fastestMs: z.number(),
    slowestMs: z.number(),
    limited: z.int(),
    serverErrors: z.int(),
    routes: z.array(
      z.object({
        route: z.string(),
        requests: z.int(),
        failed: z.int(),
        meanMs: z.number(),
        requestsPerSecond: z.number(),
      }),
    ),
  }),
});

export type Latency = z.infer<typeof latency>;
export type Figures = z.infer<typeof figuresSchema>;
export type LoadRun = z.infer<typeof runSchema>;
export type Check = z.infer<typeof checkSchema>;
export type LoadReport = z.infer<typeof reportSchema>;
export type LoadTests = z.infer<typeof loadTestsSchema>;
export type OldSystem = z.infer<typeof oldSystemSchema>;
