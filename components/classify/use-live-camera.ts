'use client';

import { useEffect, useState, type RefObject } from 'react';
import { CameraError } from '@/lib/browser/camera/camera';
import { CameraView } from '@/lib/browser/camera/camera-view';
import { LiveAverage, type LiveFigures } from '@/lib/browser/camera/live-average';
import { runLiveLoop, whenPageIsVisible } from '@/lib/browser/camera/live-loop';
import { getDevice } from './use-device';
import { describeCamera, describeFailure, type Failure } from './words';

export type LiveState =
  | { readonly kind: 'opening' }
  /** The camera is seen, and the model is not there yet. */
  | { readonly kind: 'loading' }
  | { readonly kind: 'live'; readonly figures: LiveFigures }
  | { readonly kind: 'failed'; readonly failure: Failure };

const ROWS = 5;
/** More classes than are shown, so that one that rises has a past. */
const FOLLOWED = 20;
/** Eyes read no faster. */
const SHOW_EVERY_MS = 250;

/** What the camera sees, classified on this device while the component is there. */
export function useLiveCamera(video: RefObject<HTMLVideoElement | null>): LiveState {
  const [state, setState] = useState<LiveState>({ kind: 'opening' });
  useEffect(() => {
    const controller = new AbortController();
    void show(video.current!, controller.signal, setState).catch((error: unknown) => {
      if (controller.signal.aborted) return;
      const failure =
        error instanceof CameraError
          ? describeCamera(error.problem)
          : describeFailure(error, 'device');
      setState({ kind: 'failed', failure });
    });
    return () => controller.abort();
  }, [video]);
  return state;
}

async function show(
  video: HTMLVideoElement,
  signal: AbortSignal,
  onState: (state: LiveState) => void,
): Promise<void> {
  const gone = new AbortController();
  const camera = new CameraView(video, () => gone.abort());
  try {
    await camera.open();
    if (signal.aborted) return;
    onState({ kind: 'loading' });
    await getDevice().prepare();
    const ended = AbortSignal.any([signal, gone.signal]);
    await classifyFrames(camera, ended, (figures) => onState({ kind: 'live', figures }));
    if (!signal.aborted) throw new CameraError('busy');
  } finally {
    camera.close();
  }
}

function classifyFrames(
  camera: CameraView,
  signal: AbortSignal,
  onFigures: (figures: LiveFigures) => void,
): Promise<void> {
  const device = getDevice();
  const average = new LiveAverage();
  let shownAtMs = -Infinity;
  return runLiveLoop(
    {
      grab: () => createImageBitmap(camera.video),
      classify: (frame) => device.classify(frame, FOLLOWED),
      whenVisible: (ended) => whenSeen(camera, ended),
      onFrame: (frame) => {
        average.add(frame);
        if (frame.atMs - shownAtMs < SHOW_EVERY_MS) return;
        shownAtMs = frame.atMs;
        onFigures(average.figures(ROWS));
      },
      onPause: () => average.pause(),
      now: () => performance.now(),
    },
    signal,
  );
}

/** Nobody is filmed by a page that nobody sees. */
async function whenSeen(camera: CameraView, signal: AbortSignal): Promise<boolean> {
  if (document.visibilityState === 'visible') return false;
  camera.close();
  await whenPageIsVisible(signal);
  if (!signal.aborted) await camera.open();
  return true;
}
