import * as z from 'zod/mini';

export const healthStatusSchema = z.enum(['ok', 'degraded', 'unavailable']);

export const checkSchema = z.object({ status: healthStatusSchema, detail: z.optional(z.string()) });

export const healthResponseSchema = z.object({
  status: healthStatusSchema,
  checks: z.object({
    model: checkSchema,
    store: z.extend(checkSchema, { kind: z.enum(['embedded', 'redis', 'upstash']) }),
    queue: z.extend(checkSchema, {
      waiting: z.int().check(z.minimum(0)),
      limit: z.int().check(z.minimum(1)),
    }),
  }),
  version: z.string(),
  /** Git commit that the server was built from; `unknown` if the build did not know it. */
  commit: z.string(),
  uptimeSeconds: z.number().check(z.minimum(0)),
});

export type HealthStatus = z.infer<typeof healthStatusSchema>;
export type HealthResponse = z.infer<typeof healthResponseSchema>;
