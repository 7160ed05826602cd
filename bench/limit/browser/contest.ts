/** Types that the page and the process that drives it share. */
import type { Calibration } from '../../../lib/shared/model/evaluation';
import type { Head } from '../../../lib/shared/model/head';
import type { Preprocessing } from '../../../lib/shared/model/preprocessing';
import type { PixelImage } from '../../../lib/shared/vision/image';

export const TOP_K = 5;

interface RuntimeFiles {
  readonly scriptUrl: string;
  readonly wasmUrl: string;
}

export interface Setup {
  readonly id: string;
  readonly model: {
    readonly preprocessing: Preprocessing;
    readonly labels: readonly string[];
    readonly calibration: Calibration;
    readonly head: Head;
  };
  readonly modelUrl: string;
  readonly ours: RuntimeFiles;
  readonly peer: RuntimeFiles;
  readonly threads: number;
}

export interface Contestants {
  /** @returns the first label */
  readonly ours: (pixels: PixelImage) => Promise<string>;
  /** Prepares the tensor. The returned function only runs the model. */
  readonly bare: (pixels: PixelImage) => () => Promise<void>;
  readonly decode: (picture: Blob) => Promise<PixelImage>;
}

declare global {
  interface Window {
    startOurs: (setup: Setup) => Promise<Contestants>;
    startPeer: (setup: Setup) => Promise<(pixels: PixelImage) => Promise<string>>;
  }
}
