import type { ApiRequest } from '../http/api-request';
import { serveFile } from '../http/files';
import type { FolderFile, ModelFolder } from '../models/folder';
import { assertRevision, findHubModel, hubError } from './hugging-face/hub';
import { MODEL_ID, BYTES } from './openapi/parts';
import type { Access } from '../settings';
import type { Route } from './route';

const CONTENT_TYPES: Record<string, string> = {
  json: 'application/json; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
};
/** With keys the answer is private: a shared cache would serve it to clients without a key. */
const PINNED: Readonly<Record<Access, string>> = {
  public: 'public, max-age=31536000, immutable, no-transform',
  keys: 'private, max-age=31536000, immutable, no-transform',
};
const BINARY = 'application/octet-stream';

/**
 * A file of a model folder as the Hugging Face hub serves it: by revision or `main`, with ETag,
 * conditional and ranged.
 *
 * @throws ApiError `not-found` for an unknown revision or a file that is not served
 */
export function serveModelFile(
  request: Pick<ApiRequest, 'method' | 'headers'>,
  model: ModelFolder,
  revision: string,
  filePath: string,
  access: Access = 'public',
): Response {
  const file = findFile(model, revision, filePath);
  const { absolutePath, bytes, sha256 } = file;
  const isPinned = revision !== 'main';
  return serveFile(
    request,
    { absolutePath, bytes, etag: `"${sha256}"` },
    {
      'Cache-Control': isPinned ? PINNED[access] : 'no-cache',
      'Content-Type': contentType(file) ?? BINARY,
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'X-Content-Type-Options': 'nosniff',
      // The hub's headers for large files; its clients prefer them to ETag and Content-Length.
      'X-Linked-Etag': `"${sha256}"`,
      'X-Linked-Size': String(bytes),
      'X-Repo-Commit': model.revision,
    },
  );
}

function findFile(model: ModelFolder, revision: string, filePath: string): FolderFile {
  assertRevision(model, revision);
  const file = model.files.find((candidate) => candidate.path === filePath);
  if (file) return file;
  throw hubError('EntryNotFound', `Model "${model.id}" has no file "${filePath}".`, {
    expected: `one of: ${model.files.map((candidate) => candidate.path).join(', ')}`,
    received: filePath,
  });
}

function contentType(file: FolderFile): string | undefined {
  return CONTENT_TYPES[file.path.split('.').pop()!];
}

export const modelFileRoute: Route = {
  name: 'model-file',
  method: 'get',
  path: '/hf/{id}/resolve/{revision}/{path}',
  id: 'getModelFile',
  tag: 'Hugging Face',
  summary: 'A file of a model, as a hub serves it',
  description: 'One byte range is honoured. With a revision that is a hash it never changes.',
  parameters: [
    MODEL_ID,
    {
      name: 'revision',
      in: 'path',
      description: '`main`, or the model’s revision.',
      schema: { type: 'string' },
      example: 'main',
    },
    {
      name: 'path',
      in: 'path',
      description: 'Path in the folder, slashes included.',
      schema: { type: 'string' },
      example: 'config.json',
    },
  ],
  answers: {
    200: { description: 'The file.', content: { '*/*': { schema: BYTES } }, headers: ['ETag'] },
    206: {
      description: 'A part of it.',
      content: { '*/*': { schema: BYTES } },
      headers: ['ETag'],
    },
    304: { description: 'As If-None-Match has it already.', headers: ['ETag'] },
    416: { description: 'The range lies outside.' },
  },
  problems: ['not-found'],
  handler: ({ request, params: { id, revision = '', path = '' } }, { registry, settings }) =>
    serveModelFile(request, findHubModel(registry, id), revision, path, settings.access),
};
