'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState, type DragEvent, type ReactNode } from 'react';
import { useDropzone, type FileRejection } from 'react-dropzone';
import { currentTaker } from '@/lib/browser/drops';
import styles from './window-drop.module.css';

/** Text for a drop on a page without pictures, which another page will show. */
function elsewhere(count: number): string {
  return count === 1 ? 'Drop to classify this picture' : 'Drop to classify them in Many pictures';
}

/** Accepts drops in the whole window, and says during the drag what will happen. */
export function WindowDrop({ children }: { readonly children: ReactNode }) {
  const router = useRouter();
  const [count, setCount] = useState(1);
  const [hasText, setHasText] = useState(false);
  const [isOurs, setIsOurs] = useState(false);

  const take = async (files: readonly File[]) => {
    const taker = currentTaker();
    if (files.length === 0 || isOurs) return;
    if (taker) return taker.onFiles(files);
    const { handOver } = await import('@/lib/browser/many/hand-over');
    const receiver = files.length === 1 ? 'picture' : 'files';
    await handOver(files, receiver);
    router.push(receiver === 'picture' ? '/' : '/many');
  };
  const { getRootProps, isDragActive } = useDropzone({
    onDrop: (accepted: File[], rejected: FileRejection[]) =>
      void take([...accepted, ...rejected.map(({ file }) => file)]),
    noClick: true,
    noKeyboard: true,
  });

  useEffect(() => {
    // Ignores elements that are dragged within the page, such as a sample.
    const begins = () => setIsOurs(true);
    const ends = () => setIsOurs(false);
    addEventListener('dragstart', begins);
    addEventListener('dragend', ends);
    return () => {
      removeEventListener('dragstart', begins);
      removeEventListener('dragend', ends);
    };
  }, []);

  const takesText = (event: DragEvent) =>
    !isOurs &&
    currentTaker()?.onText !== undefined &&
    !event.dataTransfer.types.includes('Files') &&
    ['text/uri-list', 'text/html'].some((type) => event.dataTransfer.types.includes(type));

  const onText = async (event: DragEvent) => {
    const { dataTransfer } = event;
    const data = Object.fromEntries(
      ['text/uri-list', 'text/plain', 'text/html'].map((type) => [
        type,
        dataTransfer.getData(type),
      ]),
    );
    const { pictureFromTransfer } = await import('@/lib/browser/pictures/from-transfer');
    const picture = pictureFromTransfer({ getData: (type) => data[type] ?? '' });
    if (picture) await take([picture]);
    else currentTaker()?.onText?.();
  };

  const isShown = (isDragActive && !isOurs) || hasText;
  return (
    <div
      {...getRootProps({
        role: undefined,
        tabIndex: undefined,
        className: styles.window,
        onDragEnter: (event) => {
          setCount(Math.max(1, event.dataTransfer.items.length));
          setHasText(takesText(event));
        },
        onDragOver: (event) => {
          if (takesText(event)) event.preventDefault();
        },
        onDragLeave: (event) => {
          // `relatedTarget` is set if the pointer enters another element of the page: still over
          // the window.
          if (event.relatedTarget === null) setHasText(false);
        },
        onDrop: (event) => {
          setHasText(false);
          if (!takesText(event)) return;
          event.preventDefault();
          void onText(event);
        },
      })}
    >
      {children}
      {isShown && (
        <div className={styles.overlay} data-drop-overlay>
          <p>{(currentTaker()?.words ?? elsewhere)(count)}</p>
        </div>
      )}
    </div>
  );
}
