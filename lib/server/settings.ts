import path from 'node:path';
import { z } from 'zod';

const MEBIBYTE = 1024 * 1024;

const count = (fallback: number, minimum = 0) =>
  z.coerce.number().int().min(minimum).default(fallback);

/** Every setting, read from the environment once at start. */
export const settingsSchema = z.object({
  PORT: count(3000, 1),
  MODELS_DIR: z.string().min(1).default('models'),
  DEFAULT_MODEL: z.string().min(1).optional(),
  MAX_UPLOAD_BYTES: count(20 * MEBIBYTE, 1),
  MAX_IMAGE_PIXELS: count(64_000_000, 1),
  UPLOAD_TIMEOUT_MS: count(30_000, 1),
  DECODE_TIMEOUT_SECONDS: count(10, 1),
  /** 0: as many as processors are really available. */
  INFERENCE_WORKERS: count(0),
  /** Pictures that may wait. 0: about one second of work, from how long pictures take lately. */
  QUEUE_LIMIT: count(0),
});

export interface Settings {
  readonly port: number;
  readonly modelsDir: string;
  readonly defaultModel: string | undefined;
  readonly maxUploadBytes: number;
  readonly maxImagePixels: number;
  readonly uploadTimeoutMs: number;
  readonly decodeTimeoutSeconds: number;
  readonly inferenceWorkers: number;
  readonly queueLimit: number;
}

/**
 * Checks the environment.
 *
 * @throws Error that names each setting that is wrong, what was expected and what came
 */
export function readSettings(env: Record<string, string | undefined>): Settings {
  // An empty variable means "not set": compose files and shells write them that way.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return `  ${name}=${given[name] ?? ''}: ${issue.message}`;
    });
    throw new Error(`These settings are wrong:\n${mistakes.join('\n')}`);
  }
  const value = parsed.data;
  return {
    port: value.PORT,
    modelsDir: path.resolve(value.MODELS_DIR),
    defaultModel: value.DEFAULT_MODEL,
    maxUploadBytes: value.MAX_UPLOAD_BYTES,
    maxImagePixels: value.MAX_IMAGE_PIXELS,
    uploadTimeoutMs: value.UPLOAD_TIMEOUT_MS,
    decodeTimeoutSeconds: value.DECODE_TIMEOUT_SECONDS,
    inferenceWorkers: value.INFERENCE_WORKERS,
    queueLimit: value.QUEUE_LIMIT,
  };
}
