import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { formatFileSize } from '@/lib/shared/numbers/format';
import type { ModelFolder } from '../../lib/server/models/folder';
import { TOLERANCE } from '../../lib/shared/evaluation/agreement';
import { checkSchema, type Check, type CheckedVariant } from '../../lib/shared/model/check';
import { check } from './check';
import { CommandError, type Command, type Context } from './command';
import { readInstalled } from './installed';
import { shrinkModel, type Bits } from './shrink/graph';
import { sentence } from './text';

const VARIANTS: readonly { readonly file: string; readonly bits: Bits }[] = [
  { file: 'onnx/model_fp16.onnx', bits: 16 },
  { file: 'onnx/model_int8.onnx', bits: 8 },
];

export const shrink: Command = {
  usage: '<id>',
  summary: 'makes smaller files of a model, and keeps those that agree with it',
  help: `Writes two files beside onnx/model.onnx, which stays as it is:

  onnx/model_fp16.onnx  weights as 16-bit floats: about half the size
  onnx/model_int8.onnx  weights as 8-bit whole numbers, in blocks of at most 32 with a scale each;
                        the smallest tensors and the last layer as 16-bit floats: about 0.3 of it

Only the files are smaller: runtimes make 32-bit floats of the weights when they load the model, and
calculate as before. Whatever else the file holds is copied as it stands, known here or not.

Then both are checked as "check" does, on the same pictures. A file is kept when no probability
differs by more than ${TOLERANCE} from the whole model's and the first label is the same wherever it leads by
more than that. What does not hold is removed, which is no failure. Browsers load the smallest file
that agrees.`,
  options: [],
  words: 1,
  run: async (context, [id = '']) => {
    const model = await readInstalled(context.settings, id);
    const made = await writeVariants(context, model);
    if (made.length === 0) throw new CommandError(`${id} has no weights that can be made smaller.`);
    try {
      await check.run(context, [id], {});
    } catch (error) {
      await removeFiles(model, made);
      throw error;
    }
    await keepWhatAgrees(context, model, made);
  },
};

/** @returns the written files; a variant that changes nothing is not written */
async function writeVariants(context: Context, model: ModelFolder): Promise<string[]> {
  const whole = await readFile(model.onnxFile);
  const made: string[] = [];
  for (const { file, bits } of VARIANTS) {
    context.signal.throwIfAborted();
    const shrunk = shrinkWhole(model, whole, bits);
    if (shrunk.changed === 0) continue;
    await refuseToReplace(model, file, shrunk.model);
    await writeInPlace(path.join(folderOf(model), file), shrunk.model);
    made.push(file);
  }
  return made;
}

function shrinkWhole({ id }: ModelFolder, whole: Uint8Array, bits: Bits) {
  try {
    return shrinkModel(whole, bits);
  } catch (error) {
    throw new CommandError(`${id} cannot be made smaller: ${sentence(error)}.`, { cause: error });
  }
}

/** Refuses to replace a file that came with the model. */
async function refuseToReplace(model: ModelFolder, file: string, bytes: Uint8Array): Promise<void> {
  const known = model.files.find(({ path: name }) => name === file);
  if (!known || (await readFile(known.absolutePath)).equals(bytes)) return;
  throw new CommandError(`${model.id} has another ${file} already: remove it first.`);
}

async function keepWhatAgrees(
  { print }: Context,
  model: ModelFolder,
  made: readonly string[],
): Promise<void> {
  const note = path.join(folderOf(model), 'check.json');
  const written = checkSchema.parse(JSON.parse(await readFile(note, 'utf8')));
  const isRefused = ({ file, agrees }: CheckedVariant) => made.includes(file) && !agrees;
  const refused = written.variants.filter(isRefused);
  const variants = written.variants.filter((variant) => !isRefused(variant));
  await writeInPlace(
    note,
    `${JSON.stringify({ ...written, variants } satisfies Check, null, 2)}\n`,
  );
  await removeFiles(
    model,
    refused.map(({ file }) => file),
  );
  print('');
  for (const { file, bytes } of variants.filter((variant) => made.includes(variant.file))) {
    print(`${file}, ${formatFileSize(bytes)}, is kept.`);
  }
  for (const { file, maxScoreDifference: difference } of refused) {
    print(`${file} is removed: a probability differs by ${difference.toFixed(4)}.`);
  }
}

async function removeFiles(model: ModelFolder, files: readonly string[]): Promise<void> {
  await Promise.all(files.map((file) => rm(path.join(folderOf(model), file), { force: true })));
}

function folderOf({ onnxFile }: ModelFolder): string {
  return path.dirname(path.dirname(onnxFile));
}

/** Renamed when complete, so that a server never reads half a file. */
async function writeInPlace(file: string, content: Uint8Array | string): Promise<void> {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}-${process.pid}`);
  await writeFile(temporary, content);
  await rename(temporary, file);
}
