import path from 'node:path';

/** The file that the build leaves beside server.js. */
export const CLI_FILE = 'cli.js';

/** How a reader starts a command: of the sources by npm, of what was built by node alone. */
export function invocation(command: string): string {
  const isBuilt = path.basename(process.argv[1] ?? '') === CLI_FILE;
  return isBuilt ? `node ${CLI_FILE} ${command}` : `npm run ${command} --`;
}
