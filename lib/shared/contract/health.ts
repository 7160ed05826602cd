import { z } from 'zod';

export const healthStatusSchema = z.enum(['ok', 'degraded', 'unavailable']);

export const checkSchema = z.object({ status: healthStatusSchema, detail: z.string().optional() });

export const healthResponseSchema = z.object({
  status: healthStatusSchema,
  checks: z.object({
    model: checkSchema,
    store: checkSchema.extend({ kind: z.enum(['embedded', 'redis', 'upstash']) }),
    queue: checkSchema.extend({ waiting: z.int().min(0), limit: z.int().min(1) }),
  }),
  version: z.string(),
  uptimeSeconds: z.number().min(0),
});

export type HealthStatus = z.infer<typeof healthStatusSchema>;
export type HealthResponse = z.infer<typeof healthResponseSchema>;
