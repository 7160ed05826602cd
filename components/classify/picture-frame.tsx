'use client';

import { ImagePlus, Undo2, X } from 'lucide-react';
import { useCallback, useRef, useState, type ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { PICTURE_TYPES } from '@/lib/browser/pictures/types';
import styles from './picture-frame.module.css';

export interface PictureFrameProps {
  readonly picture: File | undefined;
  /** Whether the frame is lower on a phone, to leave room for the samples. */
  readonly isSmall: boolean;
  /** Drawn over the picture. */
  readonly overlay?: ReactNode;
  /** Name of the previous picture, which can be restored. */
  readonly previous: string | undefined;
  readonly onPicture: (picture: File) => void;
  readonly onClear: () => void;
  readonly onUndo: () => void;
}

/** Where a picture is chosen and shown. Pictures can be dropped anywhere in the window. */
export function PictureFrame({
  picture,
  isSmall,
  overlay,
  previous,
  onPicture,
  onClear,
  onUndo,
}: PictureFrameProps) {
  const input = useRef<HTMLInputElement>(null);
  const invitation = useRef<HTMLButtonElement>(null);
  const open = () => input.current?.click();
  const clear = () => {
    onClear();
    // The pressed button disappears with the picture.
    requestAnimationFrame(() => invitation.current?.focus());
  };
  return (
    <div className={styles.frame} data-small={isSmall}>
      <input
        ref={input}
        type="file"
        accept={PICTURE_TYPES}
        hidden
        aria-label="Picture file"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) onPicture(file);
          // Without this, choosing the same file again would not fire `change`.
          target.value = '';
        }}
      />
      {picture ? (
        <Preview
          picture={picture}
          overlay={overlay}
          previous={previous}
          onReplace={open}
          onClear={clear}
          onUndo={onUndo}
        />
      ) : (
        <>
          <button ref={invitation} type="button" className={styles.empty} onClick={open}>
            <ImagePlus size={28} strokeWidth={1.5} aria-hidden />
            <span className={styles.invitation}>
              <span className={styles.byMouse}>Drop a picture, paste it, or choose one</span>
              <span className={styles.byTouch}>Choose a picture</span>
            </span>
            <span className={styles.formats}>JPEG, PNG, WebP, AVIF or GIF, up to 20 MB</span>
          </button>
          {previous !== undefined && (
            <div className={styles.undo}>
              <Undo previous={previous} onUndo={onUndo} />
            </div>
          )}
        </>
      )}
    </div>
  );
}

function Undo({ previous, onUndo }: { readonly previous: string; readonly onUndo: () => void }) {
  return (
    <Button aria-label={`Bring back ${previous}`} title={`Bring back ${previous}`} onClick={onUndo}>
      <Undo2 size={16} aria-hidden />
      Undo
    </Button>
  );
}

function Preview({
  picture,
  overlay,
  previous,
  onReplace,
  onClear,
  onUndo,
}: Pick<PictureFrameProps, 'previous' | 'onClear' | 'onUndo'> & {
  picture: File;
  overlay: ReactNode;
  onReplace: () => void;
}) {
  const showPicture = useCallback(
    (image: HTMLImageElement) => {
      const url = URL.createObjectURL(picture);
      image.src = url;
      return () => URL.revokeObjectURL(url);
    },
    [picture],
  );
  const [unshown, setUnshown] = useState<File>();
  return (
    <figure className={styles.preview}>
      <div className={styles.picture}>
        {picture !== unshown && (
          <img
            ref={showPicture}
            alt={`The picture ${picture.name}`}
            onError={() => setUnshown(picture)}
          />
        )}
        {picture !== unshown && overlay}
        {picture === unshown && <p>Your browser cannot show this file.</p>}
      </div>
      <figcaption className={styles.caption}>
        <span className={styles.name}>{picture.name}</span>
        <span className={styles.buttons}>
          {previous !== undefined && <Undo previous={previous} onUndo={onUndo} />}
          <Button onClick={onReplace}>Choose another</Button>
          <Button icon aria-label="Take the picture away" title="Escape" onClick={onClear}>
            <X size={16} aria-hidden />
          </Button>
        </span>
      </figcaption>
    </figure>
  );
}
