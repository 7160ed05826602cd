/** npm run keys, model, backup and restore. The build makes it cli.js, next to server.js. */
import { log } from '../lib/server/log';
import { describeFailure } from '../lib/server/store/failure';
import { readEnvFile } from './env-file';
import { CLI_FILE, invocation } from './invocation';
import { sentence } from './model/text';

type Run = (args: readonly string[]) => Promise<void> | void;

interface Command {
  readonly summary: string;
  /** Loaded on demand: the runtimes of `model` take a second, which `keys` should not wait for. */
  readonly load: () => Promise<Run>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  keys: {
    summary: 'makes, lists, revokes and renews API keys, and tells their usage',
    load: async () => (await import('./keys')).keys,
  },
  model: {
    summary: 'installs, lists, checks, shrinks and evaluates models',
    load: async () => (await import('./model')).model,
  },
  backup: {
    summary: 'copies the database under DATA_DIR to a file',
    load: async () => (await import('./backup')).backup,
  },
  restore: {
    summary: 'puts a backup in the place of the database',
    load: async () => (await import('./backup')).restore,
  },
};

function overview(): string {
  const lines = Object.entries(COMMANDS).map(
    ([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`,
  );
  return `node ${CLI_FILE} COMMAND …\n\n${lines.join('\n')}\n\nEach tells more with --help, as ${invocation('keys')} --help.`;
}

async function main([name = '', ...args]: readonly string[]): Promise<void> {
  readEnvFile();
  // Standard output is for the command's result only.
  log.level = 'silent';
  if (name === '' || name === '--help' || name === '-h') return console.info(overview());
  const command = COMMANDS[name];
  if (!command) {
    throw new Error(`expected ${Object.keys(COMMANDS).join(', ')}, received ${name}`);
  }
  const run = await command.load();
  await run(args);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(process.argv[2] === 'model' ? sentence(error) : describeFailure(error).reason);
  process.exitCode = 1;
});
