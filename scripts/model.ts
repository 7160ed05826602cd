/** The command `model`: installs, lists, checks, shrinks and evaluates models. */
import { parseArgs } from 'node:util';
import { log } from '../lib/server/log';
import { readSettings } from '../lib/server/settings';
import { add } from './model/add';
import { check } from './model/check';
import { CommandError, type Command, type Options } from './model/command';
import { evaluate } from './model/evaluate';
import { list } from './model/list';
import { pull } from './model/pull';
import { shrink } from './model/shrink';
import { columns } from './model/text';
import { invocation } from './invocation';

const COMMANDS: Readonly<Record<string, Command>> = { add, pull, list, check, shrink, evaluate };

function overview(): string {
  const rows = Object.entries(COMMANDS).map(([name, { usage, summary }]) => [
    `  ${invocation('model')} ${name} ${usage}`.trimEnd(),
    summary,
  ]);
  return `A model is a folder in MODELS_DIR (models/), in the layout of the Hugging Face hub: config.json with
id2label, preprocessor_config.json, onnx/model.onnx. This command looks after such folders.

${columns(rows)}

${invocation('model')} <command> --help tells more of each. docs/models.md leads from a model in PyTorch
or Keras to a running server.`;
}

function helpOf(name: string, { usage, summary, help }: Command): string {
  return `${invocation('model')} ${`${name} ${usage}`.trimEnd()}\n\n${name}: ${summary}.\n\n${help}`;
}

interface Request {
  readonly name: string;
  readonly words: readonly string[];
  readonly options: Options;
  readonly wantsHelp: boolean;
}

/** @throws TypeError (from node:util) for an option that no command has */
function parse(args: readonly string[]): Request {
  const names = new Set(Object.values(COMMANDS).flatMap(({ options }) => options));
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries([...names].map((name) => [name, { type: 'string' as const }])),
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  const { help, ...options } = values;
  const [name = '', ...words] = positionals;
  return { name, words, options: options, wantsHelp: help === true };
}

function assertFits(name: string, command: Command, { words, options }: Request): void {
  const foreign = Object.keys(options).find((option) => !command.options.includes(option));
  if (foreign) throw new CommandError(`${name} has no option --${foreign}.`);
  if (words.length === command.words) return;
  const received = words.length === 0 ? 'nothing' : words.join(' ');
  throw new CommandError(`expected ${name} ${command.usage}, received ${received}`);
}

/** @throws Error whose `sentence` is meant for the user */
export async function model(args: readonly string[]): Promise<void> {
  const request = parse(args);
  const { name, words, options, wantsHelp } = request;
  if (name === '') return console.info(overview());
  const command = COMMANDS[name];
  if (!command) {
    throw new CommandError(`expected ${Object.keys(COMMANDS).join(', ')}, received ${name}`);
  }
  if (wantsHelp) return console.info(helpOf(name, command));
  assertFits(name, command, request);
  // This command reports each error once; the server's log would repeat it.
  log.level = 'silent';
  const interrupted = new AbortController();
  // Not `once`: Ctrl-C in a terminal reaches us twice, directly and through npm.
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => interrupted.abort(new CommandError('Stopped.')));
  }
  const { signal } = interrupted;
  const settings = readSettings(process.env);
  await command.run({ settings, print: console.info, signal }, words, options);
}
