/** Installs a model folder atomically: completely or not at all. */
import { chmod, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { readModelFolder, type ModelFolder } from '../../lib/server/models/folder';
import { CommandError, type Context } from './command';
import { openServerRuntime } from './runtimes';
import { invocation } from '../invocation';
import { sentence } from './text';

const ID = /^[a-zA-Z0-9][\w.-]{0,95}$/;

/**
 * Fills a hidden folder next to the others, tests the model, and renames the folder, which the file
 * system does in one step. Any error before that, or Ctrl-C, removes the hidden folder.
 *
 * @param fill writes the model's files into the given folder
 * @throws CommandError
 */
export async function install(
  context: Context,
  id: string,
  fill: (folder: string) => Promise<void>,
): Promise<ModelFolder> {
  const { settings, signal } = context;
  const target = path.join(settings.modelsDir, id);
  await assertFree(target, id);
  await mkdir(settings.modelsDir, { recursive: true });
  // Servers ignore folders whose names begin with a dot.
  const folder = await mkdtemp(path.join(settings.modelsDir, '.incoming-'));
  try {
    await fill(folder);
    signal.throwIfAborted();
    await tryModel(context, folder, id);
    signal.throwIfAborted();
    await chmod(folder, 0o755);
    await rename(folder, target);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw signal.aborted ? new CommandError('Stopped; nothing was installed.') : error;
  }
  return readModelFolder(target, id);
}

async function assertFree(target: string, id: string): Promise<void> {
  if (!ID.test(id)) {
    throw new CommandError(
      `expected --id to be letters, digits, ".", "_" or "-", and to begin with a letter or digit, received "${id}"`,
    );
  }
  const taken = await stat(target).catch(() => undefined);
  if (taken) throw new CommandError(`${target} exists already. Choose another --id, or remove it.`);
}

async function tryModel({ settings }: Context, folder: string, id: string): Promise<void> {
  try {
    const model = await readModelFolder(folder, id);
    const { stop } = await openServerRuntime(model, settings, 1);
    await stop();
  } catch (error) {
    throw new CommandError(`This model cannot be served: ${sentence(error)}.`, { cause: error });
  }
}

export function reportInstalled(
  { print, settings }: Context,
  { id, labels, version }: ModelFolder,
): void {
  print(
    `Installed: ${path.join(settings.modelsDir, id)}, ${labels.length} classes, version ${version}.\n` +
      `Next: ${invocation('model')} check ${id}`,
  );
}
