/** Names, files and errors as the hub's API gives them, for the hub's clients. */
import type { HubFileEntry, HubModel } from '@/lib/shared/contract/hugging-face';
import { ApiError } from '../../http/api-error';
import type { FolderFile, ModelFolder } from '../../models/folder';
import type { ModelRegistry } from '../../models/registry';

/** The owner of every model here; ids are accepted with and without it. */
export const OWNER = 'sightline';
const FOLDER_PATH = 'onnx';

/** Values of the header X-Error-Code, as the hub's clients know them. */
export type HubErrorCode = 'RepoNotFound' | 'RevisionNotFound' | 'EntryNotFound';

export function hubError(
  code: HubErrorCode,
  detail: string,
  { expected, received }: { expected: string; received: string },
): ApiError {
  const headers = { 'X-Error-Code': code, 'X-Error-Message': toAscii(detail) };
  return new ApiError('not-found', detail, { expected, received, headers });
}

/** Header values must be ASCII; names of files and revisions need not be. */
function toAscii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 500);
}

/** @throws ApiError `not-found` with the hub's own code, and `no-model` */
export function findHubModel(registry: ModelRegistry, id: string | undefined): ModelFolder {
  try {
    return registry.get(id);
  } catch (error) {
    if (!ApiError.is(error) || error.type !== 'not-found') throw error;
    const { message, expected = 'a model', received = '' } = error;
    throw hubError('RepoNotFound', message, { expected, received });
  }
}

/** @throws ApiError `not-found` for what is neither `main` nor the model's revision */
export function assertRevision(model: ModelFolder, revision: string): void {
  if (revision === 'main' || revision === model.revision) return;
  throw hubError('RevisionNotFound', `Model "${model.id}" has no revision "${revision}".`, {
    expected: `main or ${model.revision}`,
    received: revision,
  });
}

/** @param name as requested, with or without the owner */
export function describeHubModel(model: ModelFolder, name: string, withSizes: boolean): HubModel {
  return {
    id: name,
    modelId: name,
    sha: model.revision,
    private: false,
    gated: false,
    disabled: false,
    pipeline_tag: 'image-classification',
    tags: ['onnx', 'image-classification'],
    siblings: model.files.map((file) => ({
      rfilename: file.path,
      ...(withSizes ? { size: file.bytes, blobId: file.sha256, lfs: lfsOf(file) } : {}),
    })),
  };
}

/**
 * The entries of a folder, with those of its subfolders if `isRecursive`; for a file's path, the
 * file.
 *
 * @throws ApiError `not-found` for a folder that is not there
 */
export function listTree(
  { id, files, revision }: Pick<ModelFolder, 'id' | 'files' | 'revision'>,
  folder: string,
  isRecursive: boolean,
): HubFileEntry[] {
  const file = files.find(({ path }) => path === folder);
  if (file) return [describeFile(file)];
  const prefix = folder === '' ? '' : `${folder}/`;
  const inside = files.filter(({ path }) => path.startsWith(prefix));
  if (inside.length === 0) {
    throw hubError('EntryNotFound', `Model "${id}" has no folder "${folder}".`, {
      expected: FOLDER_PATH,
      received: folder,
    });
  }
  const names = inside.map(({ path }) => path.slice(prefix.length));
  const folders = [...new Set(names.filter((name) => name.includes('/')))]
    .map((name) => prefix + name.slice(0, name.indexOf('/')))
    .filter((path, i, all) => all.indexOf(path) === i)
    .map((path) => ({ type: 'directory' as const, path, oid: revision, size: 0 }));
  const shown = isRecursive
    ? inside
    : inside.filter(({ path }) => !path.slice(prefix.length).includes('/'));
  return [...folders, ...shown.map(describeFile)];
}

function describeFile(file: FolderFile): HubFileEntry {
  const { path, bytes, sha256 } = file;
  return { type: 'file', path, oid: sha256, size: bytes, lfs: lfsOf(file) };
}

/** Clients compare the download with this SHA-256. There are no LFS pointers here. */
function lfsOf({ bytes, sha256 }: FolderFile): NonNullable<HubFileEntry['lfs']> {
  return { oid: sha256, sha256, size: bytes, pointerSize: 0 };
}
