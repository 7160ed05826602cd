/**
 * Entry of the preparing worker: resizes and crops a picture to the few pixels that the model sees.
 */
import { preparePicture } from '@/lib/shared/vision/prepared';
import { decodePicture } from '../decode';
import type { PrepareReply, PrepareRequest } from './messages';

declare const self: DedicatedWorkerGlobalScope;

/** Handles one picture at a time, because decoded pixels take much memory. */
let previous: Promise<void> = Promise.resolve();

self.onmessage = ({ data: request }: MessageEvent<PrepareRequest>) => {
  previous = previous.then(async () => {
    const reply = await prepare(request);
    self.postMessage(reply, reply.kind === 'prepared' ? [reply.png] : []);
  });
};

async function prepare(request: PrepareRequest): Promise<PrepareReply> {
  const { requestId, picture, preprocessing, maxImagePixels } = request;
  try {
    const image = await decodePicture(picture, maxImagePixels);
    const { buffer: png } = preparePicture(image, preprocessing);
    return { requestId, kind: 'prepared', png, width: image.width, height: image.height };
  } catch (error) {
    return { requestId, kind: 'failed', message: String(error) };
  }
}
