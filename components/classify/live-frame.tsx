'use client';

import { Pause, Play, SwitchCamera } from 'lucide-react';
import type { RefObject } from 'react';
import { Button } from '@/components/ui/button';
import { takeFrame } from '@/lib/browser/camera/take-frame';
import { formatDuration } from '@/lib/shared/numbers/format';
import styles from './live-frame.module.css';
import type { LiveState } from './use-live-camera';

export interface LiveFrameProps {
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly state: LiveState;
  readonly isFrozen: boolean;
  readonly onFreeze: (isFrozen: boolean) => void;
  /** Undefined if there is only one camera. */
  readonly onSwitch: (() => void) | undefined;
  readonly onPicture: (picture: File) => void;
  readonly onStop: () => void;
}

/** The camera's picture, with frames per second and latency. */
export function LiveFrame({
  video,
  state,
  isFrozen,
  onFreeze,
  onSwitch,
  onPicture,
  onStop,
}: LiveFrameProps) {
  return (
    <figure className={styles.frame}>
      <video ref={video} className={styles.video} muted playsInline aria-label="Live camera" />
      <figcaption className={styles.caption}>
        <span className={styles.figures}>{isFrozen ? 'Frozen' : speed(state)}</span>
        <span className={styles.buttons}>
          {state.kind === 'live' && isFrozen && (
            <Button
              title="It is classified as any other picture is"
              onClick={() => void takeFrame(video.current!).then(onPicture)}
            >
              Use this picture
            </Button>
          )}
          {state.kind === 'live' && (
            <Button onClick={() => onFreeze(!isFrozen)}>
              {isFrozen ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
              {isFrozen ? 'Go on' : 'Freeze'}
            </Button>
          )}
          {onSwitch && !isFrozen && (
            <Button
              icon
              aria-label="Use the other camera"
              title="Use the other camera"
              onClick={onSwitch}
            >
              <SwitchCamera size={16} aria-hidden />
            </Button>
          )}
          <Button onClick={onStop}>
            {state.kind === 'failed' ? 'Back to pictures' : 'Stop the camera'}
          </Button>
        </span>
      </figcaption>
    </figure>
  );
}

function speed(state: LiveState): string {
  if (state.kind === 'failed') return 'No camera';
  if (state.kind === 'opening') return 'Opening the camera';
  if (state.kind === 'loading') return 'Waiting for the model';
  const { framesPerSecond, latencyMs } = state.figures;
  return `${framesPerSecond.toFixed(1)} frames a second · ${formatDuration(latencyMs)} each`;
}
