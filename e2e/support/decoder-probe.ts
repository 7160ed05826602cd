/** Answers pictures with the pixels that the inference worker would see; bundled by the test. */
import { decodePicture } from '../../lib/worker/decode';

/** What of a worker's scope is used; its whole type belongs to lib/worker's project. */
declare const self: {
  onmessage: (event: MessageEvent<ArrayBuffer>) => Promise<void>;
  postMessage: (message: unknown) => void;
};

self.onmessage = async ({ data }) => {
  try {
    const { width, height, channels, data: pixels } = await decodePicture(new Blob([data]), 64e6);
    self.postMessage({ width, height, channels, pixels: [...pixels] });
  } catch (error) {
    self.postMessage({ refused: (error as Error).message });
  }
};
