/** The commands `backup` and `restore`, for the store that is a file in DATA_DIR. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readSettings } from '../lib/server/settings';
import { backUp, restore as putBack } from '../lib/server/store/backup';
import { invocation } from './invocation';

const HELP = {
  backup: (
    command: string,
  ) => `Copies DATA_DIR/sightline.db, keys and statistics, to a file that does not exist yet. Servers
may run meanwhile: the copy is of one moment.

  ${command} FILE`,
  restore: (
    command: string,
  ) => `Puts a backup in the place of DATA_DIR/sightline.db. A server that runs takes it within seconds,
and what was counted since the backup is not in it. The database of before is kept beside it.

  ${command} FILE`,
};

/** @throws Error with a message for the operator */
export function backup(args: readonly string[]): void {
  run('backup', args, (dataDir, file) => {
    backUp(dataDir, file);
    return `Copied ${path.join(dataDir, 'sightline.db')} to ${file}.`;
  });
}

/** @throws Error with a message for the operator */
export function restore(args: readonly string[]): void {
  run('restore', args, (dataDir, file) => {
    const kept = putBack(dataDir, file);
    const before = kept === undefined ? '' : ` What was there is kept as ${kept}.`;
    return `Put ${file} in the place of ${path.join(dataDir, 'sightline.db')}.${before}`;
  });
}

function run(
  name: keyof typeof HELP,
  args: readonly string[],
  work: (dataDir: string, file: string) => string,
): void {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  const [file, ...others] = positionals;
  if (values.help) return console.info(HELP[name](invocation(name)));
  if (file === undefined || others.length > 0) {
    throw new Error(`expected ${name} FILE, received ${positionals.join(' ') || 'nothing'}`);
  }
  const { store, dataDir } = readSettings(process.env);
  if (store.kind !== 'embedded') {
    throw new Error(
      `expected the store to be a file under DATA_DIR, but it is ${store.kind}: back up Redis itself (docs/operations.md, Backup)`,
    );
  }
  console.info(work(dataDir, path.resolve(file)));
}
