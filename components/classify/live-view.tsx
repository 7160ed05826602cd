'use client';

import { useRef, useState, useSyncExternalStore } from 'react';
import { Button } from '@/components/ui/button';
import { Hold } from '@/lib/browser/camera/hold';
import answerStyles from './answer-panel.module.css';
import styles from './classify-view.module.css';
import { DeviceStatus } from './device-status';
import { LargeModel } from './large-model';
import { LiveFrame } from './live-frame';
import { Ranking } from './ranking';
import { useLiveAnnouncement } from './use-live-announcement';
import { useLiveCamera, type LiveState } from './use-live-camera';
import { doubt } from './words/answer';

export interface LiveViewProps {
  /** Called with the frozen frame, which is classified like any picture. */
  readonly onPicture: (picture: File) => void;
  readonly onStop: () => void;
  readonly onRetry: () => void;
}

/** The camera on the left, the answer on the right. */
export function LiveView({ onPicture, onStop, onRetry }: LiveViewProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [hold] = useState(() => new Hold());
  const isFrozen = useSyncExternalStore(
    hold.subscribe,
    () => hold.isHeld,
    () => false,
  );
  const { state, switchCamera } = useLiveCamera(video, hold);
  const freeze = (next: boolean) => {
    hold.set(next);
    if (next) video.current?.pause();
    else void video.current?.play();
  };
  return (
    <>
      <section className={styles.picture} aria-label="Picture">
        <LiveFrame
          video={video}
          state={state}
          isFrozen={isFrozen}
          onFreeze={freeze}
          onSwitch={switchCamera}
          onPicture={onPicture}
          onStop={onStop}
        />
      </section>
      <section className={styles.answer} aria-label="Answer">
        <div className={answerStyles.panel}>
          <LiveAnswer state={state} onRetry={onRetry} />
        </div>
        <DeviceStatus />
      </section>
    </>
  );
}

function LiveAnswer({ state, onRetry }: { state: LiveState; onRetry: () => void }) {
  const figures = state.kind === 'live' ? state.figures : undefined;
  const announcement = useLiveAnnouncement(figures);
  return (
    <>
      <p className="visually-hidden" role="status">
        {announcement}
      </p>
      {state.kind === 'opening' && (
        <p className={answerStyles.empty}>
          Your browser asks whether this page may use the camera. What it sees stays on this device.
        </p>
      )}
      {state.kind === 'loading' && (
        <>
          <p className={answerStyles.empty}>
            The model comes to this device first; then each picture is answered here.
          </p>
          <LargeModel />
        </>
      )}
      {figures && (
        <>
          <p className={answerStyles.liveDoubt} data-uncertain={figures.uncertain}>
            {doubt(figures.predictions.slice(0, 1))}
          </p>
          <Ranking predictions={figures.predictions} showsAllNames={false} isLive />
          <p className={answerStyles.empty}>
            On this device, averaged over the last moments. Nothing the camera sees leaves it.
          </p>
        </>
      )}
      {state.kind === 'failed' && (
        <div className={answerStyles.failure} role="alert">
          <p className={answerStyles.failureTitle}>{state.failure.title}</p>
          <p>{state.failure.detail}</p>
          <Button className={answerStyles.retry} onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
    </>
  );
}
