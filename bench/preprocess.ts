/** Does resizing a 12-megapixel photo cost more than decoding it? Ratios of one run, on one thread. */
import sharp from 'sharp';
import { quantile } from '@/lib/shared/numbers/quantile';
import { DEFAULT_PICTURE_LIMITS } from '../lib/shared/picture/rules';
import { decodeImage } from '../lib/server/intake/decode';
import { FILTER_KERNELS, RESAMPLE_FILTERS } from '../lib/shared/vision/filters';
import { resize, resizeColumnsOneByOne, resizeRowsOneByOne } from '../lib/shared/vision/resize';
import { resizeColumnsByVectors, resizeRowsByVectors } from '../lib/shared/vision/resize-vectors';
import { computeTaps } from '../lib/shared/vision/taps';

const RUNS = 15;
const WARMUP_RUNS = 3;
const SIZES = [64, 224];

sharp.concurrency(1);
sharp.cache(false);
const photo = await sharp('public/samples/cat.png')
  .resize(4000, 3000, { fit: 'fill' })
  .jpeg({ quality: 90 })
  .toBuffer();

async function timeMs(work: () => unknown): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}

async function decode() {
  const decoded = await decodeImage(photo, { ...DEFAULT_PICTURE_LIMITS, timeoutSeconds: 10 });
  if (!decoded.ok) throw new Error(decoded.problem.detail);
  return decoded.image;
}

const image = await decode();
const taps = computeTaps(image.width, SIZES[0]!, FILTER_KERNELS.bilinear, 0, SIZES[0]!);
const narrow = resizeRowsOneByOne(image, taps);
const rowTaps = computeTaps(image.height, SIZES[0]!, FILTER_KERNELS.bilinear, 0, SIZES[0]!);
const samples = new Map<string, number[]>();
for (let run = 0; run < WARMUP_RUNS + RUNS; run++) {
  const measured: [string, number][] = [['decode', await timeMs(decode)]];
  for (const size of SIZES) {
    for (const filter of RESAMPLE_FILTERS) {
      measured.push([
        `${filter} to ${size}`,
        await timeMs(() => resize(image, size, size, filter)),
      ]);
    }
  }
  measured.push(
    ['rows, JavaScript', await timeMs(() => resizeRowsOneByOne(image, taps))],
    ['rows, vectors', await timeMs(() => resizeRowsByVectors(image, taps))],
    ['columns, JavaScript', await timeMs(() => resizeColumnsOneByOne(narrow, rowTaps))],
    ['columns, vectors', await timeMs(() => resizeColumnsByVectors(narrow, rowTaps))],
  );
  if (run < WARMUP_RUNS) continue;
  for (const [name, ms] of measured) samples.set(name, [...(samples.get(name) ?? []), ms]);
}

const decodeMs = quantile(samples.get('decode')!, 0.5);
for (const [name, values] of samples) {
  const median = quantile(values, 0.5);
  console.info(
    `${name.padEnd(20)} ${median.toFixed(1).padStart(7)} ms   ${(median / decodeMs).toFixed(2)} of decoding`,
  );
}
