/** npm run docs:settings: writes docs/settings.md's table and .env.example from the schema. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import prettier from 'prettier';
import { settingsSchema } from '../lib/server/settings';
import { KEEP_ALIVE_TIMEOUT_MS } from './keep-alive';

export const FILE = path.resolve(import.meta.dirname, '../docs/settings.md');
const EXAMPLE_FILE = path.resolve(import.meta.dirname, '../.env.example');
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
  const lines = [['setting', 'default', 'meaning'], ['---', '---', '---'], ...rows()].map(
    (cells) => `| ${cells.join(' | ')} |`,
  );
  const options = { ...(await prettier.resolveConfig(FILE)), parser: 'markdown' };
  return prettier.format(`${before}\n\n${lines.join('\n')}\n\n${after}`, options);
}

/** The text of .env.example: each setting with its default, as a comment. */
export function envExample(): string {
  const settings = rows().map(
    ([name, fallback, meaning]) => `# ${meaning.replaceAll('`', '')}\n# ${name}=${fallback}\n`,
  );
  return [
    '# Every setting with its default. Nothing reads this file by itself: copy it to .env, remove the',
    '# "# " of what you change, and pass it on: docker run --env-file .env, or a unit of systemd with',
    '# EnvironmentFile=.',
    '',
    ...settings,
  ].join('\n');
}

/** Address and idle time stand after the port. */
function rows(): Row[] {
  const [port, ...rest] = schemaRows();
  return [port!, ...OF_NEXT, ...rest];
}

function schemaRows(): Row[] {
  const defaults: Record<string, string | number | string[] | undefined> = settingsSchema.parse({});
  return Object.entries(settingsSchema.shape).map(([name, { description }]) => {
    if (description === undefined) throw new Error(`expected ${name} to be described`);
    return [name, [defaults[name] ?? ''].flat().join(','), description];
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await writeFile(FILE, await withTable(await readFile(FILE, 'utf8')));
  await writeFile(EXAMPLE_FILE, envExample());
}
