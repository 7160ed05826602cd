import { existsSync } from 'node:fs';

/**
 * Reads `.env` in the current folder, if there is one. Variables that the shell has set take
 * precedence.
 */
export function readEnvFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}
