/** Runs in a page: the field's own library (transformers.js) from decoded pixels to its ranking. */
import { env, pipeline, RawImage } from '@huggingface/transformers';
import { TOP_K, type Setup } from './contest';

window.startPeer = async ({ id, peer, threads }: Setup) => {
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = '/models/';
  env.useBrowserCache = false;
  const wasm = env.backends.onnx.wasm!;
  wasm.wasmPaths = { mjs: peer.scriptUrl, wasm: peer.wasmUrl };
  wasm.numThreads = threads;
  const classifier = await pipeline('image-classification', id, { dtype: 'fp32', device: 'wasm' });
  return async ({ data, width, height, channels }) => {
    const image = new RawImage(new Uint8ClampedArray(data), width, height, channels);
    const [first] = (await classifier(image, { top_k: TOP_K })) as { label: string }[];
    return first!.label;
  };
};
