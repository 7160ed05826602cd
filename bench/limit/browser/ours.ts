/** Runs in a page: our own code from decoded pixels to the ranking, and the inference alone. */
import * as ort from 'onnxruntime-web/wasm';
import { DEFAULT_PICTURE_LIMITS } from '../../../lib/shared/picture/rules';
import { rank } from '../../../lib/shared/vision/answer';
import type { PixelImage } from '../../../lib/shared/vision/image';
import { imageToTensor } from '../../../lib/shared/vision/tensor';
import { decodePicture } from '../../../lib/worker/decode';
import type { LoadRequest } from '../../../lib/worker/messages';
import { createSession } from '../../../lib/worker/session';
import { TOP_K, type Contestants, type Setup } from './contest';

async function bytesOf(url: string): Promise<ArrayBuffer> {
  return (await fetch(url)).arrayBuffer();
}

async function start({ model, ours, threads, modelUrl }: Setup): Promise<Contestants> {
  const request: LoadRequest = {
    kind: 'load',
    backend: 'wasm',
    scriptUrl: ours.scriptUrl,
    wasmBinary: await bytesOf(ours.wasmUrl),
    modelBytes: await bytesOf(modelUrl),
    threads,
    ...model,
  };
  const session = await createSession(request);
  const bare = await ort.InferenceSession.create(await bytesOf(modelUrl));
  const [inputName] = bare.inputNames as [string];
  const prepared = (pixels: PixelImage) => {
    const { data, dims } = imageToTensor(pixels, model.preprocessing);
    return new ort.Tensor('float32', data, dims);
  };
  return {
    ours: async (pixels) => {
      const output = await session.run(imageToTensor(pixels, model.preprocessing));
      return rank(output, model, TOP_K).predictions[0]!.label;
    },
    bare: (pixels) => {
      const tensor = prepared(pixels);
      return async () => {
        await bare.run({ [inputName]: tensor });
      };
    },
    decode: (picture) => decodePicture(picture, DEFAULT_PICTURE_LIMITS.maxImagePixels),
  };
}

window.startOurs = start;
