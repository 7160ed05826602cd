import { existsSync } from 'node:fs';

/** Reads `.env` of the current folder, if there is one; what the shell has set holds. */
export function readEnvFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}
