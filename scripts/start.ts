/** npm start: builds if the build is missing or stale, then starts the server. */
import path from 'node:path';
import { buildIfStale, STANDALONE } from './build';
import { logFatal } from '../lib/server/log';
import { readSettings } from '../lib/server/settings';
import { readEnvFile } from './env-file';

readEnvFile();
// Checked before the build, which takes minutes.
refuseWrongSettings();
await buildIfStale();
// The standalone server changes to its own folder, so relative paths are resolved here first.
process.env.MODELS_DIR = path.resolve(process.env.MODELS_DIR ?? 'models');
process.env.DATA_DIR = path.resolve(process.env.DATA_DIR ?? '.data');
process.env.NEXT_TELEMETRY_DISABLED = '1';
await import(path.resolve(STANDALONE, 'server.js'));

function refuseWrongSettings(): void {
  try {
    readSettings(process.env);
  } catch (error) {
    logFatal((error as Error).message);
    process.exit(1);
  }
}
