'use client';

import { useEffect, useState, type RefObject } from 'react';
import { CameraError, listCameras } from '@/lib/browser/camera/camera';
import { CameraView } from '@/lib/browser/camera/camera-view';
import type { Hold } from '@/lib/browser/camera/hold';
import { LiveAverage, type LiveFigures } from '@/lib/browser/camera/live-average';
import { runLiveLoop, whenPageIsVisible } from '@/lib/browser/camera/live-loop';
import { getDevice } from './use-device';
import { describeCamera } from './words/camera';
import { describeFailure, type Failure } from './words/failure';

export type LiveState =
  | { readonly kind: 'opening' }
  /** The camera is shown, and the model is still loading. */
  | { readonly kind: 'loading' }
  | { readonly kind: 'live'; readonly figures: LiveFigures }
  | { readonly kind: 'failed'; readonly failure: Failure };

const ROWS = 5;
/** More classes than are shown, so that a rising class already has an average. */
const FOLLOWED = 20;
/** A visitor could not read faster updates. */
const SHOW_EVERY_MS = 250;

export interface LiveCamera {
  readonly state: LiveState;
  /** Switches to the next camera; undefined if there is only one. */
  readonly switchCamera: (() => void) | undefined;
}

interface Asked {
  readonly cameraId: string | undefined;
  readonly hold: Hold;
  readonly signal: AbortSignal;
}

interface Heard {
  readonly onState: (state: LiveState) => void;
  readonly onCameras: (ids: readonly string[], openId: string | undefined) => void;
}

/**
 * Classifies the camera's picture on this device while the component is mounted.
 *
 * @param hold while it holds, the frame and its answer stay
 */
export function useLiveCamera(video: RefObject<HTMLVideoElement | null>, hold: Hold): LiveCamera {
  const [state, setState] = useState<LiveState>({ kind: 'opening' });
  const [cameraId, setCameraId] = useState<string>();
  const [cameras, setCameras] = useState<{ ids: readonly string[]; openId: string | undefined }>({
    ids: [],
    openId: undefined,
  });
  useEffect(() => {
    const controller = new AbortController();
    const asked = { cameraId, hold, signal: controller.signal };
    const heard: Heard = {
      onState: setState,
      onCameras: (ids, openId) => setCameras({ ids, openId }),
    };
    void show(video.current!, asked, heard).catch((error: unknown) => {
      if (controller.signal.aborted) return;
      const failure =
        error instanceof CameraError
          ? describeCamera(error.problem)
          : describeFailure(error, 'device');
      setState({ kind: 'failed', failure });
    });
    return () => controller.abort();
  }, [video, hold, cameraId]);
  const { ids, openId } = cameras;
  const next = ids[(ids.indexOf(openId ?? '') + 1) % ids.length];
  return {
    state,
    switchCamera: ids.length > 1 ? () => setCameraId(next) : undefined,
  };
}

async function show(
  video: HTMLVideoElement,
  { cameraId, hold, signal }: Asked,
  { onState, onCameras }: Heard,
): Promise<void> {
  const gone = new AbortController();
  const camera = new CameraView(video, () => gone.abort(), cameraId);
  try {
    await camera.open();
    if (signal.aborted) return;
    onState({ kind: 'loading' });
    onCameras(await listCameras(), camera.openId);
    await getDevice().prepare();
    const ended = AbortSignal.any([signal, gone.signal]);
    await classifyFrames(camera, { hold, signal: ended }, (figures) =>
      onState({ kind: 'live', figures }),
    );
    if (!signal.aborted) throw new CameraError('busy');
  } finally {
    camera.close();
  }
}

async function classifyFrames(
  camera: CameraView,
  { hold, signal }: Pick<Asked, 'hold' | 'signal'>,
  onFigures: (figures: LiveFigures) => void,
): Promise<void> {
  const device = getDevice();
  const average = new LiveAverage(await device.threshold());
  let shownAtMs = -Infinity;
  return runLiveLoop(
    {
      grab: () => createImageBitmap(camera.video),
      classify: (frame) => device.classify(frame, FOLLOWED),
      whenVisible: async (ended) => {
        const waited = await hold.whenFree(ended);
        return (await whenSeen(camera, ended)) || waited;
      },
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

/** Releases the camera while the page is hidden. */
async function whenSeen(camera: CameraView, signal: AbortSignal): Promise<boolean> {
  if (document.visibilityState === 'visible') return false;
  camera.close();
  await whenPageIsVisible(signal);
  if (!signal.aborted) await camera.open();
  return true;
}
