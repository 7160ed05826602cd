import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { downloadFile, HubApiError, listFiles, type ListFileEntry } from '@huggingface/hub';
import { formatFileSize } from '@/lib/shared/numbers/format';
import { CommandError, type Command, type Context } from './command';
import { install, reportInstalled } from './install';
import { placeOf } from './layout';
import { showProgress, type Progress } from './progress';
import { sentence } from './text';

const HUB = 'https://huggingface.co';
const FULL_MODEL = 'onnx/model.onnx';
const VARIANT = /^onnx\/model_(\w+)\.onnx(?:_data)?$/;

/** Where a model comes from. */
interface Source {
  readonly name: string;
  readonly endpoint: string;
  readonly revision: string;
  readonly accessToken: string | undefined;
}

export const pull: Command = {
  usage: '<owner/name> [--id ID] [--variants LIST] [--revision REV] [--endpoint URL]',
  summary: 'installs a model from the Hugging Face hub',
  help: `Downloads what a model folder needs: config.json, preprocessor_config.json, the model card and
onnx/model.onnx. Sizes and SHA-256 are compared with what the hub says; the model is loaded and run
before it gets its name. If anything is wrong, or you press Ctrl-C, nothing is left behind.

  --id        its name here; the part after the / if not given
  --variants  other files of the layout, as fp16,quantized, or all; "check" tells which agree
  --revision  a branch, tag or commit; main if not given
  --endpoint  another hub; HF_ENDPOINT, else ${HUB}. HF_TOKEN is sent if it is set

  npm run model -- pull owner/name
  npm run model -- pull owner/name --id flowers --variants fp16,quantized`,
  options: ['id', 'variants', 'revision', 'endpoint'],
  words: 1,
  run: async (context, [name = ''], options) => {
    const source = sourceOf(name, options.endpoint, options.revision);
    const files = await chooseFiles(source, options.variants);
    const model = await install(context, options.id ?? name.split('/')[1]!, (folder) =>
      download(context, source, files, folder),
    );
    reportInstalled(context, model);
  },
};

function sourceOf(name: string, endpoint: string | undefined, revision = 'main'): Source {
  if (!/^[\w.-]+\/[\w.-]+$/.test(name)) {
    throw new CommandError(`expected a name as owner/name, received ${name}`);
  }
  const address = endpoint ?? (process.env.HF_ENDPOINT || HUB);
  if (!URL.canParse(address)) {
    throw new CommandError(`expected --endpoint to be an address, received ${address}`);
  }
  const accessToken = process.env.HF_TOKEN || undefined;
  return { name, endpoint: address.replace(/\/+$/, ''), revision, accessToken };
}

/** Files by their place in the folder. */
type Files = ReadonlyMap<string, ListFileEntry>;

/** @throws CommandError if there is no such model, or no ONNX file in it */
async function chooseFiles(source: Source, variants: string | undefined): Promise<Files> {
  const all = await listAll(source);
  const files = new Map<string, ListFileEntry>();
  for (const entry of all) {
    const place = placeOf(entry.path);
    // What lies where the layout has it goes before what lies beside.
    const isFirst = place === entry.path || !files.has(place ?? '');
    if (place && isFirst && isWanted(place, variants)) files.set(place, entry);
  }
  for (const needed of [FULL_MODEL, 'config.json', 'preprocessor_config.json']) {
    if (files.has(needed)) continue;
    throw new CommandError(
      `${source.name} has no ${needed}, so it cannot be served. ${onnxFilesOf(all)}`,
    );
  }
  return files;
}

function onnxFilesOf(entries: readonly ListFileEntry[]): string {
  const found = entries.map((entry) => entry.path).filter((file) => file.endsWith('.onnx'));
  return found.length === 0
    ? 'There is no ONNX file in it.'
    : `ONNX files in it: ${found.join(', ')}.`;
}

function isWanted(place: string, variants = ''): boolean {
  const variant = VARIANT.exec(place)?.[1];
  if (variant === undefined) return true;
  return variants === 'all' || variants.split(',').includes(variant);
}

async function listAll(source: Source): Promise<ListFileEntry[]> {
  try {
    const entries: ListFileEntry[] = [];
    for await (const entry of listFiles({ ...requestOf(source), recursive: true })) {
      if (entry.type === 'file') entries.push(entry);
    }
    return entries;
  } catch (error) {
    throw new CommandError(refusal(source, error), { cause: error });
  }
}

function requestOf({ name, endpoint, revision, accessToken }: Source) {
  return {
    repo: { type: 'model', name },
    hubUrl: endpoint,
    revision,
    ...(accessToken === undefined ? {} : { accessToken }),
  } as const;
}

function refusal({ name, endpoint, revision }: Source, error: unknown): string {
  if (!(error instanceof HubApiError)) {
    const reason = error instanceof Error && error.cause ? error.cause : error;
    return `${endpoint} does not answer: ${sentence(reason)}.`;
  }
  const { statusCode } = error;
  // The hub answers 401 for what does not exist too, so as not to tell what is private.
  if (statusCode === 401 || statusCode === 403 || statusCode === 404) {
    return `There is no model ${name} (${revision}) at ${endpoint}, or it needs HF_TOKEN.`;
  }
  return `${endpoint} answered ${statusCode}: ${sentence(error)}.`;
}

async function download(
  { signal, print }: Context,
  source: Source,
  files: Files,
  folder: string,
): Promise<void> {
  await mkdir(path.join(folder, 'onnx'));
  for (const [place, entry] of files) {
    const progress = showProgress(entry.size, 'bytes', place);
    try {
      await downloadOne(source, entry, path.join(folder, place), progress, signal);
    } finally {
      progress.stop();
    }
    print(`${place}  ${formatFileSize(entry.size)}${entry.lfs ? '  SHA-256 as the hub says' : ''}`);
  }
}

async function downloadOne(
  source: Source,
  { path: file, size, lfs }: ListFileEntry,
  target: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const hash = createHash('sha256');
  let received = 0;
  try {
    const blob = await downloadFile({ ...requestOf(source), path: file, xet: false });
    if (!blob) throw new Error('it is listed, but not there');
    await pipeline(
      Readable.fromWeb(blob.stream() as ReadableStream),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          received += chunk.length;
          progress.advance(chunk.length);
          yield chunk;
        }
      },
      createWriteStream(target),
      { signal },
    );
  } catch (error) {
    const reason = error instanceof Error && error.cause ? error.cause : error;
    throw new CommandError(`The download of ${file} broke off: ${sentence(reason)}.`, {
      cause: error,
    });
  }
  if (received !== size) {
    throw new CommandError(`expected ${file} to have ${size} bytes, received ${received}`);
  }
  const sha256 = hash.digest('hex');
  if (lfs && sha256 !== lfs.oid) {
    throw new CommandError(`expected ${file} to have the SHA-256 ${lfs.oid}, received ${sha256}`);
  }
}
