'use client';

import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button';

export interface CopyButtonProps {
  /** What is copied, for screen readers. */
  readonly name: string;
  readonly text: string;
}

/** Copies text and says whether that succeeded. */
export function CopyButton({ name, text }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'refused'>();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
    } catch {
      setOutcome('refused');
    }
  };
  const Icon = outcome === 'copied' ? Check : Copy;
  return (
    <>
      <Button aria-label={`Copy ${name}`} onClick={() => void copy()}>
        <Icon size={14} aria-hidden />
        Copy
      </Button>
      <span role="status" className="visually-hidden">
        {outcome === 'copied' && 'Copied'}
        {outcome === 'refused' && 'Your browser does not let pages copy.'}
      </span>
    </>
  );
}
