/**
 * npm run bench:folder: a folder of pictures by the command, with a key without limit. Halfway the
 * server and the command are killed, and both are started again. Ends with 1 where a picture is
 * missing from the list, or is twice in it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { makeKey } from '../harness/client';
import { freePort, startServer } from '../harness/server';

const EDGE = 48;
const LOOK_EVERY_MS = 100;
const CLI = path.resolve('packages/client/dist/cli.js');

const { values } = parseArgs({ options: { pictures: { type: 'string', default: '5000' } } });
const count = Number(values.pictures);
const folder = await mkdtemp(path.join(tmpdir(), 'sightline-folder-'));
const output = path.join(folder, 'out.csv');
const pictures = path.join(folder, 'pictures');
const settings = { DATA_DIR: path.join(folder, 'data'), PREDICT_PER_MINUTE: '100' };
await mkdir(pictures);

/** Each picture has its own pixels, so that no answer comes from the cache. */
async function makePicture(number: number): Promise<string> {
  const name = `${String(number).padStart(5, '0')}.png`;
  const pixels = Buffer.alloc(EDGE * EDGE * 3, number % 251);
  pixels.writeUInt32BE(number);
  const raw = { width: EDGE, height: EDGE, channels: 3 } as const;
  await sharp(pixels, { raw }).png().toFile(path.join(pictures, name));
  return name;
}

/** The files listed so far, and whether each row is correct. */
async function rows(): Promise<{ file: string; isRight: boolean }[]> {
  const lines = (await readFile(output, 'utf8').catch(() => '')).split('\n').slice(1, -1);
  return lines.map((line) => {
    const [file = '', label = ''] = line.split(',');
    return { file, isRight: label !== '' };
  });
}

function classify(server: string, key: string) {
  return spawn(process.execPath, [CLI, pictures, '--server', server, '--output', output], {
    env: { ...process.env, SIGHTLINE_KEY: key },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

const names: string[] = [];
for (let number = 0; number < count; number++) names.push(await makePicture(number));
const key = await makeKey(
  settings,
  ...['--name', 'folder', '--predict-per-minute', '0', '--batch-per-minute', '0'],
);
const port = await freePort();
const startedAtMs = performance.now();
const first = await startServer(settings, { port });
const interrupted = classify(first.url, key);
while ((await rows()).length < count / 2) {
  if (interrupted.exitCode !== null) throw new Error('the command ended before it was killed');
  await sleep(LOOK_EVERY_MS);
}
await first.kill();
interrupted.kill('SIGKILL');
await once(interrupted, 'exit');
const before = (await rows()).length;
const again = classify(first.url, key);
const second = await startServer(settings, { port });
const [code] = (await once(again, 'exit')) as [number | null];
const seconds = (performance.now() - startedAtMs) / 1000;
await second.stop();

const listed = await rows();
const files = new Set(listed.map(({ file }) => file));
const missing = names.filter((name) => !files.has(name));
const twice = listed.length - files.size;
const failed = listed.filter(({ isRight }) => !isRight).length;
process.stdout.write(
  `${count} pictures in ${seconds.toFixed(0)} s, killed after ${before}; ended with ${code}; ` +
    `missing ${missing.length}, twice ${twice}, failed ${failed}\n`,
);
await rm(folder, { recursive: true });
process.exitCode = missing.length + twice + failed === 0 && code === 0 ? 0 : 1;
