import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readModelFolder, type ModelFolder } from '../../lib/server/models/folder';
import type { Settings } from '../../lib/server/settings';
import { CommandError } from './command';
import { sentence } from './text';

/**
 * Reads an installed model.
 *
 * @throws CommandError that lists the installed models, or says what is wrong with the folder
 */
export async function readInstalled({ modelsDir }: Settings, id: string): Promise<ModelFolder> {
  const ids = await listIds(modelsDir);
  if (!ids.includes(id)) {
    throw new CommandError(
      `There is no model "${id}" in ${modelsDir}. Installed: ${ids.join(', ') || 'none'}.`,
    );
  }
  try {
    return await readModelFolder(path.join(modelsDir, id), id);
  } catch (error) {
    throw new CommandError(`${id} is broken: ${sentence(error)}.`, { cause: error });
  }
}

async function listIds(modelsDir: string): Promise<string[]> {
  try {
    const entries = await readdir(modelsDir, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isFile() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    throw new CommandError(`The folder of models cannot be read: ${sentence(error)}.`, {
      cause: error,
    });
  }
}
