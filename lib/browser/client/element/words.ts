import type { Classified } from '../client';
import type { DeviceReason } from '../where';

const REASONS: Record<DeviceReason, string> = {
  chosen: 'as you chose',
  again: 'to compare',
  offline: 'because there is no network',
  network: 'because the server cannot be reached',
  timeout: 'because the server took too long',
  limited: 'because the server limits how much it answers',
  'server-error': 'because the server had a failure',
  format: 'because the server does not read this format',
};

/** Where an answer was computed and, if on the device, why. */
export function placeSentence(classified: Classified): string {
  const seconds = (classified.elapsedMs / 1000).toFixed(2);
  return classified.on === 'server'
    ? `Answered by the server in ${seconds} s.`
    : `Answered on this device in ${seconds} s, ${REASONS[classified.reason]}.`;
}

export function percent(score: number): string {
  return `${(score * 100).toFixed(1)} %`;
}
