'use client';

import { Camera, Video } from 'lucide-react';
import { useRef } from 'react';
import { Button } from '@/components/ui/button';
import styles from './sources.module.css';

export interface SourcesProps {
  readonly onPhoto: (photo: File) => void;
  readonly onLive: () => void;
}

/** The two ways to use the camera: take one photo (on a phone), or classify live. */
export function Sources({ onPhoto, onLive }: SourcesProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <ul className={styles.sources}>
      <li className={styles.phone}>
        <input
          ref={input}
          type="file"
          accept="image/*"
          capture="environment"
          hidden
          aria-label="Photo from the camera"
          onChange={({ target }) => {
            const [photo] = target.files ?? [];
            if (photo) onPhoto(photo);
            // Without this, taking the same photo again would not fire `change`.
            target.value = '';
          }}
        />
        <Button onClick={() => input.current?.click()}>
          <Camera size={16} aria-hidden />
          Take a photo
        </Button>
      </li>
      <li>
        <Button onClick={onLive}>
          <Video size={16} aria-hidden />
          Live camera
        </Button>
      </li>
    </ul>
  );
}
