/**
 * npm run formats: asks the built server how it answers each picture format, and writes the result
 * into docs/api.md.
 */
import { readFile, writeFile } from 'node:fs/promises';
import prettier from 'prettier';
import { BEGIN, END, formatsTable } from '../harness/formats';
import { startServer } from '../harness/server';
import { buildIfStale } from './build';

const FILE = 'docs/api.md';

await buildIfStale();
const server = await startServer();
try {
  const table = await formatsTable(server.url);
  const text = await readFile(FILE, 'utf8');
  const before = text.slice(0, text.indexOf(BEGIN) + BEGIN.length);
  const after = text.slice(text.indexOf(END));
  const options = { ...(await prettier.resolveConfig(FILE)), parser: 'markdown' };
  await writeFile(FILE, await prettier.format(`${before}\n\n${table}\n\n${after}`, options));
} finally {
  await server.stop();
}
