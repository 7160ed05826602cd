/** npm run docs:settings: writes docs/settings.md's table from the schema. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import prettier from 'prettier';
import { settingsSchema } from '../lib/server/settings';
import { KEEP_ALIVE_TIMEOUT_MS } from './keep-alive';

export const FILE = path.resolve(import.meta.dirname, '../docs/settings.md');
const BEGIN = '<!-- settings: written by npm run docs:settings -->';
const END = '<!-- /settings -->';

type Row = readonly [name: string, fallback: string, meaning: string];

/** Read by Next itself, so not in the schema. */
const OF_NEXT: readonly Row[] = [
  ['HOSTNAME', '0.0.0.0', 'the address it listens on'],
  [
    'KEEP_ALIVE_TIMEOUT',
    String(KEEP_ALIVE_TIMEOUT_MS),
    'milliseconds an idle connection is kept; more than a proxy in front keeps its own',
  ],
];

/** The text of docs/settings.md with the table that belongs there. */
export async function withTable(text: string): Promise<string> {
  const before = text.slice(0, text.indexOf(BEGIN) + BEGIN.length);
  const after = text.slice(text.indexOf(END));
  const [first, ...rest] = rows();
  const lines = [
    ['setting', 'default', 'meaning'],
    ['---', '---', '---'],
    first!,
    ...OF_NEXT,
    ...rest,
  ].map((cells) => `| ${cells.join(' | ')} |`);
  const options = { ...(await prettier.resolveConfig(FILE)), parser: 'markdown' };
  return prettier.format(`${before}\n\n${lines.join('\n')}\n\n${after}`, options);
}

function rows(): Row[] {
  const defaults: Record<string, string | number | string[] | undefined> = settingsSchema.parse({});
  return Object.entries(settingsSchema.shape).map(([name, { description }]) => {
    if (description === undefined) throw new Error(`expected ${name} to be described`);
    return [name, [defaults[name] ?? ''].flat().join(','), description];
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await writeFile(FILE, await withTable(await readFile(FILE, 'utf8')));
}
