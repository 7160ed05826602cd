/** The peer, in a process of its own: `@huggingface/transformers` on the same folder. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { env, pipeline, RawImage } from '@huggingface/transformers';

const [modelId, ...files] = process.argv.slice(2);
env.allowRemoteModels = false;
env.localModelPath = `${path.resolve('models')}/`;

const classifier = await pipeline('image-classification', modelId!, { dtype: 'fp32' });
const answers: Record<string, Record<string, number>> = {};
for (const file of files) {
  const image = await RawImage.fromBlob(new Blob([await readFile(file)]));
  const ranked = await classifier(image, { top_k: 200 });
  answers[path.basename(file)] = Object.fromEntries(
    ranked.map(({ label, score }) => [label, score]),
  );
}
process.stdout.write(JSON.stringify(answers));
