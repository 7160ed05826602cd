/**
 * The limit of the machine: a process that only decodes, prepares and infers, one picture after the
 * other.
 */
import { classifyBytes } from '../../lib/server/inference/classify-bytes';
import { DEFAULT_PICTURE_LIMITS } from '../../lib/shared/picture/rules';
import { configureDecoder } from '../../lib/server/intake/decode';
import { loadModel } from '../../lib/server/inference/session';
import { readModelFolder } from '../../lib/server/models/folder';
import { rank } from '../../lib/shared/vision/answer';
import { makeLargePicture, makePictures } from '../loadtest/pictures';
import { seededRandom } from '../loadtest/random';
import { serveCounted } from './jobs';

const LIMITS = { ...DEFAULT_PICTURE_LIMITS, timeoutSeconds: 10 };
const TOP_K = 5;

const [folder, id] = process.argv.slice(2) as [string, string];
// Made before the decoder is restricted to uploads.
const pictures = (await makePictures(seededRandom(1))).map((each) => new Uint8Array(each));
const large = [new Uint8Array(await makeLargePicture())];
configureDecoder();
const described = await readModelFolder(folder, id);
const model = await loadModel({ ...described, classCount: described.labels.length });

async function classify(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const result = await classifyBytes(model, { bytes }, LIMITS);
  if (!result.ok) throw new Error(result.problem.detail);
  rank(result, described, TOP_K);
}

serveCounted(async ({ ms, kind }) => {
  const turn = kind === 'large' ? large : pictures;
  const endAtMs = performance.now() + ms;
  let done = 0;
  while (performance.now() < endAtMs) await classify(turn[done++ % turn.length]!);
  return done;
});
