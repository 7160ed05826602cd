/** Occlusion sensitivity (Zeiler and Fergus 2014, https://arxiv.org/abs/1311.2901). */
import type { Head } from '../../model/head';
import type { Preprocessing } from '../../model/preprocessing';
import { scoresOf } from '../scores';
import type { ImageTensor } from '../tensor';
import type { Grid } from './heat-map';

/** Cells per side of the map. */
const CELLS = 8;
/**
 * Cells per side of a patch. The patch moves by one cell, so neighbouring patches overlap by half.
 */
const PATCH_CELLS = 2;
const POSITIONS = CELLS - PATCH_CELLS + 1;
const GREY = 127.5;
/** Keeps the logarithm finite for a probability of 0. */
const SMALLEST = 1e-12;

export interface Occlusion {
  readonly tensor: Pick<ImageTensor, 'data' | 'dims'>;
  readonly preprocessing: Preprocessing;
  /** Index of the explained class. */
  readonly index: number;
  readonly head: Pick<Head, 'kind'>;
  readonly temperature: number;
  /** Pictures per batch; 1 for models that accept no more. */
  readonly batch: number;
  /** Returns the logits of the pictures of a batch, one picture after the other. */
  readonly run: (data: Float32Array<ArrayBuffer>, dims: readonly number[]) => Promise<Float32Array>;
  /** Called after each batch. An error that it throws ends the computation. */
  readonly onProgress?: (done: number, total: number) => void | Promise<void>;
}

/** Patches per batch: one row of positions. */
export const OCCLUSION_BATCH = POSITIONS;

/** Pictures inferred for one map: one per position of the patch, and one without a patch. */
export const OCCLUSION_INFERENCES = POSITIONS * POSITIONS + 1;

/**
 * How much the log-probability of a class falls when a grey patch covers a place. The value of a
 * cell is the mean over the patches that cover it.
 */
export async function occlusionMap(occlusion: Occlusion): Promise<Grid> {
  const { batch, onProgress } = occlusion;
  const total = POSITIONS * POSITIONS;
  const whole = (await logProbabilities(occlusion, [undefined]))[0]!;
  const drops: number[] = [];
  for (let from = 0; from < total; from += batch) {
    const count = Math.min(batch, total - from);
    const positions = Array.from({ length: count }, (_, i) => from + i);
    const covered = await logProbabilities(occlusion, positions);
    drops.push(...covered.map((value) => whole - value));
    await onProgress?.(drops.length, total);
  }
  return { width: CELLS, height: CELLS, values: meanOfCovering(drops) };
}

/** @param positions positions of the patch, row by row; undefined means no patch */
async function logProbabilities(
  { tensor, preprocessing, index, head, temperature, run }: Occlusion,
  positions: readonly (number | undefined)[],
): Promise<number[]> {
  const size = tensor.data.length;
  const data = new Float32Array(size * positions.length);
  positions.forEach((position, i) => {
    data.set(tensor.data, i * size);
    if (position !== undefined)
      cover(data.subarray(i * size), tensor.dims, position, preprocessing);
  });
  const logits = await run(data, [positions.length, ...tensor.dims.slice(1)]);
  const classes = logits.length / positions.length;
  return positions.map((_, i) => {
    const own = logits.subarray(i * classes, (i + 1) * classes);
    return Math.log(Math.max(SMALLEST, scoresOf(own, head, temperature)[index]!));
  });
}

function cover(
  data: Float32Array,
  [, channels = 0, height = 0, width = 0]: readonly number[],
  position: number,
  { rescaleFactor, normalization, isBgr = false }: Preprocessing,
): void {
  const edge = (cell: number, side: number) => Math.round((cell * side) / CELLS);
  const [column, row] = [position % POSITIONS, Math.floor(position / POSITIONS)];
  const [left, right] = [edge(column, width), edge(column + PATCH_CELLS, width)];
  const [top, bottom] = [edge(row, height), edge(row + PATCH_CELLS, height)];
  for (let channel = 0; channel < channels; channel++) {
    const colour = isBgr ? 2 - channel : channel;
    const mean = normalization?.mean[colour] ?? 0;
    const grey = (GREY * rescaleFactor - mean) / (normalization?.std[colour] ?? 1);
    for (let y = top; y < bottom; y++) {
      const start = (channel * height + y) * width;
      data.fill(grey, start + left, start + right);
    }
  }
}

function meanOfCovering(drops: readonly number[]): number[] {
  return Array.from({ length: CELLS * CELLS }, (_, cell) => {
    const [x, y] = [cell % CELLS, Math.floor(cell / CELLS)];
    const covering = drops.filter((_, position) => {
      const [column, row] = [position % POSITIONS, Math.floor(position / POSITIONS)];
      const within = (at: number, from: number) => at >= from && at < from + PATCH_CELLS;
      return within(x, column) && within(y, row);
    });
    return covering.reduce((sum, drop) => sum + drop, 0) / covering.length;
  });
}
