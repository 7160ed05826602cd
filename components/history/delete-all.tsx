'use client';

import { AlertDialog } from 'radix-ui';
import { Button } from '@/components/ui/button';
import dialog from '@/components/ui/dialog.module.css';
import { clearHistory } from '@/lib/browser/history';
import styles from './delete-all.module.css';
import { answers } from './words';

/** Asks for confirmation, because the history is stored only in this browser. */
export function DeleteAll({ total }: { readonly total: number }) {
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger asChild>
        <Button>Delete all</Button>
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={dialog.overlay} />
        <AlertDialog.Content className={`${dialog.content} ${styles.content}`}>
          <AlertDialog.Title className={dialog.title}>Delete {answers(total)}?</AlertDialog.Title>
          <AlertDialog.Description className={dialog.description}>
            Pictures, thumbnails and marks that wait to be sent go with them. They are nowhere else.
          </AlertDialog.Description>
          <div className={styles.actions}>
            <AlertDialog.Cancel asChild>
              <Button>Keep them</Button>
            </AlertDialog.Cancel>
            <AlertDialog.Action asChild>
              <Button className={styles.delete} onClick={() => void clearHistory()}>
                Delete all
              </Button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
