/**
 * Resampling filters with Pillow's names. The position in the list is the code in
 * `preprocessor_config.json`.
 */
export const RESAMPLE_FILTERS = [
  'nearest',
  'lanczos',
  'bilinear',
  'bicubic',
  'box',
  'hamming',
] as const;

export type ResampleFilter = (typeof RESAMPLE_FILTERS)[number];

export interface FilterKernel {
  /** Half the kernel's width: in output pixels when shrinking, in input pixels when enlarging. */
  readonly support: number;
  readonly weight: (x: number) => number;
}

function sinc(x: number): number {
  if (x === 0) return 1;
  const t = x * Math.PI;
  return Math.sin(t) / t;
}

/** Keys' cubic convolution with a = -0.5, the parameter that Pillow uses. */
function cubic(x: number): number {
  const a = -0.5;
  const t = Math.abs(x);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return ((t - 5) * t + 8) * t * a - 4 * a;
  return 0;
}

function hamming(x: number): number {
  const t = Math.abs(x);
  if (t >= 1) return 0;
  return sinc(t) * (0.54 + 0.46 * Math.cos(t * Math.PI));
}

/**
 * Kernels of the filters that use more than one pixel.
 * Source of the parameters: Pillow, src/libImaging/Resample.c.
 */
export const FILTER_KERNELS: Record<Exclude<ResampleFilter, 'nearest'>, FilterKernel> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: { support: 1, weight: hamming },
  bicubic: { support: 2, weight: cubic },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};
