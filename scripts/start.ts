/** npm start: builds what is missing or older than its sources, then serves it. */
import path from 'node:path';
import { buildIfStale, STANDALONE } from './build';
import { logFatal } from '../lib/server/log';
import { readSettings } from '../lib/server/settings';
import { readEnvFile } from './env-file';

readEnvFile();
// Checked first, before a build that may be in vain.
refuseWrongSettings();
await buildIfStale();
// The standalone server makes its own folder the current one: anchor what is relative to this one.
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
