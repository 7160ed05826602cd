'use client';

import type { RefObject } from 'react';
import { Button } from '@/components/ui/button';
import { formatDuration } from '@/lib/shared/numbers/format';
import styles from './live-frame.module.css';
import type { LiveState } from './use-live-camera';

export interface LiveFrameProps {
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly state: LiveState;
  readonly onStop: () => void;
}

/** What the camera sees, with how fast it is answered. */
export function LiveFrame({ video, state, onStop }: LiveFrameProps) {
  return (
    <figure className={styles.frame}>
      <video ref={video} className={styles.video} muted playsInline aria-label="Live camera" />
      <figcaption className={styles.caption}>
        <span className={styles.figures}>{speed(state)}</span>
        <Button onClick={onStop}>
          {state.kind === 'failed' ? 'Back to pictures' : 'Stop the camera'}
        </Button>
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
