/** `@huggingface/transformers` with our server as its hub, in a process of its own. */
import { readFile } from 'node:fs/promises';
import { env, pipeline, RawImage } from '@huggingface/transformers';

const [serverUrl, modelId, file, cacheDir] = process.argv.slice(2);
env.allowLocalModels = false;
env.cacheDir = cacheDir!;
env.remoteHost = `${serverUrl}/hf/`;
env.remotePathTemplate = '{model}/resolve/{revision}/';

const classifier = await pipeline('image-classification', modelId!, { dtype: 'fp32' });
const image = await RawImage.fromBlob(new Blob([await readFile(file!)]));
process.stdout.write(JSON.stringify(await classifier(image, { top_k: 1 })));
