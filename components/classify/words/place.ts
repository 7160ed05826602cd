/** Says where an answer was computed, why, and what was sent for it. */
import type { Classified, Sent } from '@/lib/browser/client/client';
import { formatFileSize } from '@/lib/shared/numbers/format';
import { serverFailureSentence } from './server-failure';

export function placeName(classified: Classified): string {
  return classified.on === 'server' ? 'On the server' : 'On this device';
}

/** Why the answer was computed where it was. */
export function reasonSentence(classified: Classified): string {
  if (classified.on === 'server') {
    return classified.answer.cached
      ? 'The server has seen this picture before and remembered.'
      : 'The server answered.';
  }
  const { reason, failure } = classified;
  switch (reason) {
    case 'chosen':
      return 'You chose this device; the picture did not leave it.';
    case 'again':
      return 'You had it classified again, to compare.';
    case 'offline':
      return 'This page is offline.';
    case 'network':
    case 'timeout':
    case 'limited':
    case 'server-error':
      return serverFailureSentence(failure ?? { kind: 'network' });
    case 'format':
      return 'The server does not read this format, but your browser does.';
  }
}

/** "9.4 kB of 4.1 MB sent" */
export function sentFigure({ bytes, ofBytes }: Sent): string {
  return `${formatFileSize(bytes)} of ${formatFileSize(ofBytes)} sent`;
}

/** What the page sent instead of the file. */
export function sentWords({ bytes, ofBytes }: Sent): string {
  const part = `${formatFileSize(bytes)} of ${formatFileSize(ofBytes)}`;
  return `This page sent ${part}: only what the model sees.`;
}
