'use client';

import { FolderOpen, Images } from 'lucide-react';
import { useRef } from 'react';
import { Button } from '@/components/ui/button';
import { PICTURE_TYPES } from '@/lib/browser/pictures/types';
import styles from './drop-files.module.css';
import { leftOutSentence } from './words';

export interface DropFilesProps {
  /** Whether it takes one line only, because there are pictures already. */
  readonly isSmall: boolean;
  readonly leftOut: number;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Where files and folders are chosen. They can be dropped anywhere in the window. */
export function DropFiles({ isSmall, leftOut, onFiles }: DropFilesProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className={styles.zone} data-small={isSmall}>
      <input
        ref={input}
        type="file"
        multiple
        accept={PICTURE_TYPES}
        hidden
        aria-label="Picture files"
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          if (files.length > 0) onFiles(files);
          // Without this, choosing the same files again would not fire `change`.
          target.value = '';
        }}
      />
      {!isSmall && <Images className={styles.icon} size={28} strokeWidth={1.5} aria-hidden />}
      <p className={styles.invitation}>
        {isSmall ? 'Drop more files or folders' : 'Drop a folder, or as many files as you like'}
      </p>
      <div className={styles.buttons}>
        <Button onClick={() => input.current?.click()}>
          <Images size={16} aria-hidden />
          Choose files
        </Button>
        <FolderButton onFiles={onFiles} />
      </div>
      {!isSmall && (
        <p className={styles.note}>
          JPEG, PNG, WebP, AVIF or GIF, up to 20 MB each. They go where you chose above: “This
          device” sends nothing.
        </p>
      )}
      <p role="status" className={styles.leftOut}>
        {leftOutSentence(leftOut)}
      </p>
    </div>
  );
}

function FolderButton({ onFiles }: Pick<DropFilesProps, 'onFiles'>) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={(element) => {
          // React does not know this attribute; all browsers do.
          element?.setAttribute('webkitdirectory', '');
          input.current = element;
        }}
        type="file"
        multiple
        hidden
        aria-label="Picture folder"
        onChange={({ target }) => {
          const files = [...(target.files ?? [])].filter(({ name }) => !HIDDEN.test(name));
          if (files.length > 0) onFiles(files);
          // Without this, choosing the same folder again would not fire `change`.
          target.value = '';
        }}
      />
      <Button onClick={() => input.current?.click()}>
        <FolderOpen size={16} aria-hidden />
        Choose a folder
      </Button>
    </>
  );
}

/** Files that operating systems put in folders: .DS_Store, ._photo.jpg, Thumbs.db. */
const HIDDEN = /^(\.|(thumbs\.db|desktop\.ini)$)/i;
