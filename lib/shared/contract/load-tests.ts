/** What `npm run loadtest` leaves in bench/results, and the page /load-tests shows. */
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
  /** 429. */
  limited: z.int(),
  /** 503. */
  shed: z.int(),
  /** Any other 5xx. */
  serverErrors: z.int(),
  /** Any other status; and no answer at all. */
  otherStatuses: z.int(),
  unanswered: z.int(),
  requestsPerSecond: z.number(),
  /** Milliseconds from the request to the last byte; null where there was none. */
  latencyOfSuccesses: z.nullable(latency),
  latencyOfAll: z.nullable(latency),
});

export const runSchema = z.object({
  name: z.string(),
  /** Users with think time, or requests at fixed moments whatever the answers take. */
  load: z.union([
    z.object({ users: z.int(), arrivingPerSecond: z.number() }),
    z.object({ startedPerSecond: z.number() }),
  ]),
  replicas: z.int(),
  seconds: z.number(),
  total: figuresSchema,
  routes: z.array(z.object({ route: z.string(), figures: figuresSchema })),
  /** Pictures that got a ranking, batches included; how many of them out of the cache. */
  pictures: z.object({ ranked: z.int(), cached: z.int() }),
  processor: z.object({
    /** Of all replicas together, user and system. */
    serverMsPerPicture: z.nullable(z.number()),
    /** Processors kept busy on average. */
    server: z.number(),
    loadGenerator: z.number(),
  }),
});

export const checkSchema = z.object({ what: z.string(), received: z.string(), holds: z.boolean() });

export const reportSchema = z.object({
  /** Names the way it was run; a new report takes the place of an older one of that name. */
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

/** The system before this one; what is not known of it is not there. */
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
