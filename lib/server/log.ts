import { writeSync } from 'node:fs';
import pino from 'pino';

/** The last line before the process ends: written at once, although other lines are buffered. */
export function logFatal(message: string): void {
  const line = { level: 'fatal', time: new Date().toISOString(), msg: message };
  writeSync(1, `${JSON.stringify(line)}\n`);
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * One JSON object a line on standard output. Never log a picture, a key, a query or an
 * address.
 */
export const log = pino(
  {
    level: levelOf(process.env.LOG_LEVEL),
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
  },
  pino.destination({ dest: 1, sync: false, ...gathering() }),
);

/**
 * Writes lines together, because each write wakes another thread. With Upstash this may be a
 * function, which its platform freezes between requests: then each line is written at once.
 */
function gathering(): { minLength?: number; periodicFlush?: number } {
  if (process.env.UPSTASH_REDIS_REST_URL) return {};
  return { minLength: 4_096, periodicFlush: 50 };
}

/** A wrong level must not fail here, because it is reported with the other settings. */
function levelOf(text: string | undefined): LogLevel {
  return LOG_LEVELS.find((level) => level === text) ?? 'info';
}
