/**
 * The peer: the same folder behind the least server that the field's library needs. Arguments: the
 * folder of model folders, the model's id. Says its address when the model is loaded and warm.
 */
import '../../lib/server/inference/no-telemetry';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { env, pipeline, RawImage } from '@huggingface/transformers';

const [folder, id] = process.argv.slice(2) as [string, string];
const TOP_K = 5;

env.allowRemoteModels = false;
env.localModelPath = path.resolve(folder);
const classifier = await pipeline('image-classification', id, { dtype: 'fp32' });

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function classify(body: Buffer): Promise<unknown> {
  const image = await RawImage.fromBlob(new Blob([new Uint8Array(body)]));
  return classifier(image, { top_k: TOP_K });
}

await classifier(new RawImage(new Uint8ClampedArray(64 * 64 * 3), 64, 64, 3), { top_k: TOP_K });

const server = createServer((request, response) => {
  const answer = (status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (request.method === 'GET') return answer(200, { status: 'ok' });
  readBody(request)
    .then(classify)
    .then((predictions) => answer(200, { predictions }))
    .catch((error: unknown) => answer(500, { error: String(error) }));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.on('disconnect', () => process.exit());
process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
