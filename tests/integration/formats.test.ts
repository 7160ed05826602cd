import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { BEGIN, END, formatsTable } from '../../harness/formats';
import { startServer } from '../../harness/server';

/** Cells without the padding that makes the table readable. */
const cells = (table: string) =>
  table
    .trim()
    .split('\n')
    .filter((line) => !/^\|[\s|-]+$/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()));

test('docs/api.md says of each format what the server does with it', async () => {
  const server = await startServer();
  try {
    const docs = await readFile('docs/api.md', 'utf8');
    const table = docs.slice(docs.indexOf(BEGIN) + BEGIN.length, docs.indexOf(END));
    expect(cells(table)).toEqual(cells(await formatsTable(server.url)));
  } finally {
    await server.stop();
  }
});
