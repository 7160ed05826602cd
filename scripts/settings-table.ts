/** npm run docs:settings: writes the table of docs/settings.md and .env.example from the schema. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import prettier from 'prettier';
import { settingsSchema } from '../lib/server/settings';

export const FILE = path.resolve(import.meta.dirname, '../docs/settings.md');
const EXAMPLE_FILE = path.resolve(import.meta.dirname, '../.env.example');
const BEGIN = '<!-- settings: written by npm run docs:settings -->';
const END = '<!-- /settings -->';

type Row = readonly [name: string, fallback: string, meaning: string];

/** The text of docs/settings.md with a new table. */
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
    '# Every setting with its default. Copy this file to .env and remove the "# " of what you change:',
    '# npm start and npm run keys read it there; a container gets it with docker run --env-file .env.',
    '',
    ...settings,
  ].join('\n');
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
  await writeFile(EXAMPLE_FILE, envExample());
}
