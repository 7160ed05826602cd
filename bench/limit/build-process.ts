/**
 * Starts the server of the build in the current folder. Its first message is the server's address.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { startServer } from '../../harness/server';

/** Where older versions of the project have the module that starts the server. */
const STARTS = ['harness/server.ts', 'tests/server.ts'];

const file = STARTS.find((candidate) => existsSync(candidate));
if (file === undefined) throw new Error(`expected one of ${STARTS.join(', ')} in ${process.cwd()}`);
const ofThisBuild = (await import(pathToFileURL(path.resolve(file)).href)) as {
  readonly startServer: typeof startServer;
};
const { url, pid, stop } = await ofThisBuild.startServer({
  PREDICT_PER_MINUTE: '0',
  BATCH_PER_MINUTE: '0',
  QUEUE_LIMIT: '200',
});

process.on('disconnect', () => void stop().finally(() => process.exit()));
process.send!({ url, pid });
