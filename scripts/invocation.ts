import path from 'node:path';

/** The file that the build puts next to server.js. */
export const CLI_FILE = 'cli.js';

/** How the operator starts a command: with npm in the sources, with node alone in a build. */
export function invocation(command: string): string {
  const isBuilt = path.basename(process.argv[1] ?? '') === CLI_FILE;
  return isBuilt ? `node ${CLI_FILE} ${command}` : `npm run ${command} --`;
}
