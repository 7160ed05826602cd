/** npm start: builds what is missing or older than its sources, then serves it. */
import path from 'node:path';
import { buildIfStale, STANDALONE } from './build';
import { logFatal } from '../lib/server/log';
import { readSettings } from '../lib/server/settings';
import { readEnvFile } from './env-file';
import { KEEP_ALIVE_TIMEOUT_MS } from './keep-alive';

readEnvFile();
// Next would take a PORT that it cannot read for 3000, before anybody can refuse it.
refuseWrongSettings();
await buildIfStale();
// The standalone server makes its own folder the current one: anchor what is relative to this one.
process.env.MODELS_DIR = path.resolve(process.env.MODELS_DIR ?? 'models');
process.env.DATA_DIR = path.resolve(process.env.DATA_DIR ?? '.data');
process.env.NEXT_TELEMETRY_DISABLED = '1';
process.env.PORT ??= '3000';
process.env.HOSTNAME ??= '0.0.0.0';
process.env.KEEP_ALIVE_TIMEOUT ??= String(KEEP_ALIVE_TIMEOUT_MS);
await import(path.resolve(STANDALONE, 'server.js'));

function refuseWrongSettings(): void {
  try {
    readSettings(process.env);
  } catch (error) {
    logFatal((error as Error).message);
    process.exit(1);
  }
}
