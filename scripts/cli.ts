/** npm run keys, model, backup and restore; built, it is cli.js beside server.js. */
import { describeFailure } from '../lib/server/store/failure';
import { backup, restore } from './backup';
import { readEnvFile } from './env-file';
import { CLI_FILE, invocation } from './invocation';
import { keys } from './keys';
import { model } from './model';
import { sentence } from './model/text';

type Run = (args: readonly string[]) => Promise<void> | void;

const COMMANDS: Readonly<Record<string, { readonly run: Run; readonly summary: string }>> = {
  keys: { run: keys, summary: 'makes, lists, revokes and renews API keys' },
  model: { run: model, summary: 'installs, lists, checks, shrinks and evaluates models' },
  backup: { run: backup, summary: 'copies the database under DATA_DIR to a file' },
  restore: { run: restore, summary: 'puts a backup in the place of the database' },
};

function overview(): string {
  const lines = Object.entries(COMMANDS).map(
    ([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`,
  );
  return `node ${CLI_FILE} COMMAND …\n\n${lines.join('\n')}\n\nEach tells more with --help, as ${invocation('keys')} --help.`;
}

async function main([name = '', ...args]: readonly string[]): Promise<void> {
  readEnvFile();
  if (name === '' || name === '--help' || name === '-h') return console.info(overview());
  const command = COMMANDS[name];
  if (!command) {
    throw new Error(`expected ${Object.keys(COMMANDS).join(', ')}, received ${name}`);
  }
  await command.run(args);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(process.argv[2] === 'model' ? sentence(error) : describeFailure(error).reason);
  process.exitCode = 1;
});
