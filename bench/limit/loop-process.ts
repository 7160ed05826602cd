/** The limit: a process that does nothing but decode, prepare and infer, one picture after the other. */
import { configureDecoder, decodeImage } from '../../lib/server/intake/decode';
import { loadModel } from '../../lib/server/inference/session';
import { readModelFolder } from '../../lib/server/models/folder';
import { rank } from '../../lib/shared/vision/answer';
import { imageToTensor } from '../../lib/shared/vision/tensor';
import { ACTIVATIONS_OUTPUT, spreadOfActivations } from '../../lib/shared/vision/uncertainty';
import { makeLargePicture, makePictures } from '../loadtest/pictures';
import { seededRandom } from '../loadtest/random';
import { serveCounted } from './jobs';

const LIMITS = { maxImagePixels: 64_000_000, timeoutSeconds: 10 };
const TOP_K = 5;

const [folder, id] = process.argv.slice(2) as [string, string];
// Made before the decoder is told to read nothing but uploads.
const pictures = await makePictures(seededRandom(1));
const large = [await makeLargePicture()];
configureDecoder();
const { onnxFile, preprocessing, labels, sureness } = await readModelFolder(folder, id);
const model = await loadModel({ id, onnxFile, preprocessing, classCount: labels.length });
const { logits: logitsName, outputs: found } = model.signature;
const hasActivations = found.some(({ name }) => name === ACTIVATIONS_OUTPUT);
const outputs = hasActivations ? [logitsName, ACTIVATIONS_OUTPUT] : [logitsName];

async function classify(bytes: Uint8Array): Promise<void> {
  const decoded = await decodeImage(bytes, LIMITS);
  if (!decoded.ok) throw new Error(decoded.problem.detail);
  const tensor = imageToTensor(decoded.image, preprocessing);
  const [logits, activations] = await model.graph.runPrepared(tensor, outputs);
  const evidenceSpread = spreadOfActivations(activations);
  rank({ logits: logits!.data, evidenceSpread }, labels, TOP_K, sureness);
}

serveCounted(async ({ ms, kind }) => {
  const turn = kind === 'large' ? large : pictures;
  const endAtMs = performance.now() + ms;
  let done = 0;
  while (performance.now() < endAtMs) await classify(turn[done++ % turn.length]!);
  return done;
});
