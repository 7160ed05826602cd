'use client';

import { ImagePlus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useCallback, useState, type ReactNode } from 'react';
import { useDropzone, type FileRejection } from 'react-dropzone';
import { Button } from '@/components/ui/button';
import styles from './picture-frame.module.css';
import { usePaste } from './use-paste';

export interface PictureFrameProps {
  readonly picture: File | undefined;
  /** Lower on a phone, so that there is room for what to try. */
  readonly isSmall: boolean;
  /** Drawn over the picture. */
  readonly overlay?: ReactNode;
  readonly onPicture: (picture: File) => void;
  /** Something was pasted that is no file. */
  readonly onRefusal: (title: string, detail: string) => void;
}

/** Where a picture is dropped, pasted or chosen, and where it is shown. */
export function PictureFrame({
  picture,
  isSmall,
  overlay,
  onPicture,
  onRefusal,
}: PictureFrameProps) {
  const router = useRouter();
  const takeToMany = async (files: readonly File[]) => {
    const { handOver } = await import('@/lib/browser/many/hand-over');
    await handOver(files).catch(() => undefined);
    router.push('/many');
  };
  const onDrop = (accepted: File[], rejected: FileRejection[]) => {
    const [first] = accepted;
    if (first && rejected.length === 0) onPicture(first);
    else if (rejected.length > 0) {
      void takeToMany([...accepted, ...rejected.map(({ file }) => file)]);
    }
  };
  const { getRootProps, getInputProps, isDragActive, open } = useDropzone({
    onDrop,
    multiple: false,
    noClick: true,
    noKeyboard: true,
  });
  usePaste({
    onFile: onPicture,
    onText: () =>
      onRefusal(
        'That was text, not a picture',
        'Copy the picture itself and paste it, or save it and choose the file. Addresses are not fetched.',
      ),
  });

  return (
    <div
      {...getRootProps({ className: styles.frame, role: undefined, tabIndex: undefined })}
      data-small={isSmall}
    >
      <input {...getInputProps({ 'aria-label': 'Picture file', tabIndex: -1 })} />
      {picture ? (
        <Preview picture={picture} overlay={overlay} onReplace={open} />
      ) : (
        <button type="button" className={styles.empty} onClick={open}>
          <ImagePlus size={28} strokeWidth={1.5} aria-hidden />
          <span className={styles.invitation}>
            <span className={styles.byMouse}>Drop a picture, paste it, or choose one</span>
            <span className={styles.byTouch}>Choose a picture</span>
          </span>
          <span className={styles.formats}>JPEG, PNG, WebP, AVIF or GIF, up to 20 MB</span>
        </button>
      )}
      {isDragActive && <div className={styles.dropping}>Drop it here</div>}
    </div>
  );
}

function Preview({
  picture,
  overlay,
  onReplace,
}: {
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
        <Button onClick={onReplace}>Choose another</Button>
      </figcaption>
    </figure>
  );
}
