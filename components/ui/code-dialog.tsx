'use client';

import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useState } from 'react';
import { Button } from './button';
import dialog from './dialog.module.css';
import styles from './code-dialog.module.css';

export interface CodeDialogProps {
  /** Text of the button that opens the dialog. */
  readonly trigger: string;
  readonly title: string;
  readonly description: string;
  readonly code: string;
}

/** Shows code or a command, to read and copy. */
export function CodeDialog({ trigger, title, description, code }: CodeDialogProps) {
  const [outcome, setOutcome] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code);
      setOutcome('Copied');
    } catch {
      setOutcome('Your browser does not let pages copy. Select the text and copy it.');
    }
  };
  return (
    <Dialog.Root onOpenChange={() => setOutcome('')}>
      <Dialog.Trigger asChild>
        <Button>{trigger}</Button>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className={dialog.overlay} />
        <Dialog.Content className={`${dialog.content} ${styles.content}`}>
          <Dialog.Title className={`${dialog.title} ${styles.title}`}>{title}</Dialog.Title>
          <Dialog.Description className={dialog.description}>{description}</Dialog.Description>
          <pre className={styles.code} tabIndex={0} aria-label={title}>
            {code}
          </pre>
          <div className={styles.actions}>
            <span role="status">{outcome}</span>
            <Button onClick={() => void copy()}>Copy</Button>
          </div>
          <Dialog.Close asChild>
            <Button icon aria-label="Close" className={styles.close}>
              <X size={16} aria-hidden />
            </Button>
          </Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
