import { spawn, type SpawnOptions } from 'node:child_process';
import path from 'node:path';

/** The environment with the project's own tools first in PATH. */
export const toolEnvironment: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: `${path.resolve('node_modules/.bin')}${path.delimiter}${process.env.PATH ?? ''}`,
  NEXT_TELEMETRY_DISABLED: '1',
};

/**
 * Runs a command, or a tool from node_modules, and shows its output.
 *
 * @throws Error naming the command if its exit code is not 0
 */
export function run(command: string, args: string[], options: SpawnOptions = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env: toolEnvironment, ...options });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}`));
    });
  });
}
