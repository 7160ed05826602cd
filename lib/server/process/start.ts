/** Starts the process: settings, runtime, server, signals. */
import { createRuntime } from './runtime';
import { log, logFatal } from '../log';
import { describeSettings, misspelledSettings, readSettings } from '../settings';
import { build } from '../build-info';
import { startHttpServer } from './server';
import { endOnSignals } from './shutdown';
import type { ProcessRuntime } from './runtime';

export interface ProcessOptions {
  /** The folder of the build, or in development of the sources. */
  readonly root: string;
  readonly isDevelopment: boolean;
}

/**
 * Logs when the server is warm. Wrong settings or models end the process; the message names them.
 */
export async function startProcess(options: ProcessOptions): Promise<void> {
  const stops: (() => Promise<void>)[] = [];
  try {
    const settings = readSettings(process.env);
    log.info({ ...build, settings: describeSettings(process.env) }, 'starting');
    for (const { name, meant } of misspelledSettings(process.env)) {
      log.warn(`${name} is no setting; did you mean ${meant}?`);
    }
    if (settings.traces !== undefined) stops.push(await startTraces());
    const runtime = await createRuntime(settings);
    const { connections } = await startHttpServer({ runtime, ...options });
    // In development Next's own handlers end its child processes.
    if (!options.isDevelopment) endOnSignals(runtime, connections, stops);
    await runtime.pool.started();
    logState(runtime);
    await runtime.history.prepare();
    await runtime.driftReference.read();
  } catch (error) {
    logFatal(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}

/** The SDK is loaded only where an endpoint is set. */
async function startTraces(): Promise<() => Promise<void>> {
  // A late import inside its own room crosses no border.
  // eslint-disable-next-line no-restricted-syntax
  const { startOpenTelemetry } = await import('./open-telemetry');
  return startOpenTelemetry();
}

function logState({ pool, registry }: ProcessRuntime): void {
  const names = registry.models.map(({ id, version }) => `${id}@${version}`).join(', ');
  const warm = `the first of ${pool.workers} workers was warm after ${Math.round(pool.warmupMs)} ms`;
  for (const { reason } of pool.providers?.missing ?? []) log.warn(reason);
  if (pool.state === 'ready')
    log.info(`ready: ${names || 'no model'}; ${warm}, on ${pool.providers?.used}`);
  else log.error(`not ready: ${pool.failure?.message ?? pool.state}`);
}
