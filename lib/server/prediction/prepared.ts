/** Prepared pictures: the client has resized and cropped them to the model's input. */
import type { ImageFormat } from '@/lib/shared/contract/predict';
import { preparationOf } from '@/lib/shared/vision/prepared';
import { ApiError } from '../http/api-error';
import type { ModelFolder } from '../models/folder';

/**
 * @param version `prepared` of the query: how the sender prepared the picture
 * @returns whether it did
 * @throws ApiError `stale-preparation` if that is not the model's way any more, `invalid-request`
 *   if the model takes pictures of many sizes
 */
export function parsePrepared(
  version: string | null,
  { id, preprocessing }: Pick<ModelFolder, 'id' | 'preprocessing'>,
): boolean {
  if (version === null) return false;
  const preparation = preparationOf(preprocessing);
  if (!preparation) {
    throw new ApiError('invalid-request', `Pictures cannot be prepared for ${id}.`, {
      expected: 'the whole picture, because the model takes inputs of many sizes',
      received: `prepared=${version}`,
    });
  }
  if (version === preparation.version) return true;
  throw new ApiError('stale-preparation', `Pictures for ${id} are prepared in another way now.`, {
    expected: preparation.version,
    received: version,
  });
}

/** @throws ApiError `unsupported-image` for other formats, which may change pixels */
export function assertPng(format: ImageFormat): void {
  if (format === 'png') return;
  const detail = `A prepared picture is a PNG, and this is ${format.toUpperCase()}.`;
  const received = `image/${format}`;
  throw new ApiError('unsupported-image', detail, { expected: 'image/png', received });
}
