import type { Ranked } from '../../shared/vision/answer';

type Seen = Pick<Ranked, 'predictions' | 'uncertain'>;

export interface Frame extends Seen {
  readonly latencyMs: number;
  readonly atMs: number;
}

export interface LiveLoopParts<Image> {
  /** Takes a frame from the camera. */
  readonly grab: () => Promise<Image>;
  readonly classify: (image: Image) => Promise<Seen>;
  /**
   * Resolves when the page is visible.
   *
   * @returns whether it had to wait
   */
  readonly whenVisible: (signal: AbortSignal) => Promise<boolean>;
  readonly onFrame: (frame: Frame) => void;
  readonly onPause: () => void;
  readonly now: () => number;
}

/**
 * Classifies one frame at a time, each as soon as the one before is answered, until `signal`
 * aborts.
 *
 * @throws any error of `grab` or `classify`
 */
export async function runLiveLoop<Image>(
  { grab, classify, whenVisible, onFrame, onPause, now }: LiveLoopParts<Image>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    if (await whenVisible(signal)) onPause();
    if (signal.aborted) return;
    const startedAtMs = now();
    const { predictions, uncertain } = await classify(await grab());
    if (signal.aborted) return;
    onFrame({ predictions, uncertain, latencyMs: now() - startedAtMs, atMs: now() });
  }
}

/** An implementation of `whenVisible`: resolves when the tab is visible or `signal` aborts. */
export async function whenPageIsVisible(signal: AbortSignal): Promise<boolean> {
  if (document.visibilityState === 'visible') return false;
  await new Promise<void>((resolve) => {
    const look = () => {
      if (document.visibilityState === 'hidden' && !signal.aborted) return;
      document.removeEventListener('visibilitychange', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', look, { once: true });
  });
  return true;
}
