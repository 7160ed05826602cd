/** Why a picture has no answer, and what to do about it. */
import { ServerError } from '@/lib/browser/client/predict';
import { DeviceError } from '@/lib/browser/client/device/worker-bridge';
import type { RuntimeChoice } from '@/lib/browser/client/where';
import type { Problem } from '@/lib/shared/contract/problems';
import { formatDuration } from '@/lib/shared/numbers/format';
import { serverFailureSentence } from './server-failure';

/** Names of file types for people. */
const KIND_NAMES: Record<string, string> = {
  'application/pdf': 'a PDF',
  'image/svg+xml': 'an SVG drawing',
  'image/tiff': 'a TIFF picture',
  'image/heic': 'a HEIC photo',
  'image/bmp': 'a BMP picture',
  'text/html': 'a web page',
  'application/zip': 'a ZIP archive',
  text: 'text',
};

export interface Failure {
  readonly title: string;
  readonly detail: string;
  /** Whether another try with the same picture can help; default true. */
  readonly canRetry?: boolean;
  /** The server's Retry-After, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

export const TEXT_REFUSAL: Failure = {
  title: 'That was text, not a picture',
  detail:
    'Copy the picture itself and paste it, or save it and choose the file. Addresses are not fetched.',
};

/** Shown after the visitor has cancelled. */
export const CANCELLED: Failure = {
  title: 'You cancelled this',
  detail: 'The picture has no answer yet.',
};

/** "The server answers again in 12 s." */
export function againSentence(leftMs: number): string {
  const seconds = Math.ceil(leftMs / 1000);
  if (seconds <= 0) return 'The server answers again now.';
  const time = seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`;
  return `The server answers again in ${time}.`;
}

/** "up to 20971520 bytes" → "up to 20 MB" */
export function readableBytes(text: string): string {
  return text.replace(/\b(\d{6,}) bytes\b/g, (_, bytes: string) => {
    const megabytesOf = Number(bytes) / 1_000_000;
    return `${megabytesOf < 10 ? megabytesOf.toFixed(1) : Math.floor(megabytesOf)} MB`;
  });
}

/** Describes an error: a title, and what to do about it. */
export function describeFailure(error: unknown, choice: RuntimeChoice): Failure {
  if (error instanceof ServerError) return describeServerError(error, choice);
  if (error instanceof DeviceError) return afterServer(describeDeviceError(error), error);
  return { title: 'This did not work', detail: 'Something unexpected happened. Try it once more.' };
}

function describeServerError(error: ServerError, choice: RuntimeChoice): Failure {
  const { failure, problem, retryAfterMs } = error;
  if (failure.kind === 'status' && failure.status < 500 && failure.status !== 429) {
    return { ...describeProblem(problem, failure.status), canRetry: failure.status === 408 };
  }
  const hint =
    choice === 'server'
      ? 'Choose “Automatic” and this device answers when the server does not.'
      : 'Your browser saves data, so the model was not loaded. Choose “This device” to load it.';
  if (failure.kind === 'network') return { title: 'The server cannot be reached', detail: hint };
  if (failure.kind === 'timeout') {
    return {
      title: `The server took longer than ${formatDuration(failure.timeoutMs)}`,
      detail: hint,
    };
  }
  const title =
    failure.status === 429
      ? 'The server limits how much it answers'
      : 'The server cannot answer now';
  return { title: `${title} (${failure.status})`, detail: hint, retryAfterMs };
}

function describeProblem(problem: Problem | undefined, status: number): Failure {
  switch (problem?.type) {
    case 'unsupported-image':
      return {
        title: 'This file is not a picture we can read',
        detail: `It is ${KIND_NAMES[problem.received ?? ''] ?? problem.received ?? 'something else'}. We read JPEG, PNG, WebP, AVIF and GIF.`,
      };
    case 'undecodable-image':
      return {
        title: 'This picture is broken or incomplete',
        detail: 'It begins like a picture, but the rest cannot be read. Save or download it again.',
      };
    case 'too-many-pixels':
    case 'too-large':
      return { title: 'This picture is too large', detail: readableBytes(problem.detail) };
    default:
      return {
        title: `The server did not accept this (${status})`,
        detail: readableBytes(problem?.detail ?? 'It gave no reason.'),
      };
  }
}

/** Adds the failure of the server that made the client use the device. */
function afterServer(failure: Failure, { serverFailure }: DeviceError): Failure {
  if (!serverFailure) return failure;
  return { ...failure, detail: `${serverFailureSentence(serverFailure)} ${failure.detail}` };
}

function describeDeviceError(error: DeviceError): Failure {
  switch (error.code) {
    case 'download-failed':
      return {
        title: 'The model is not on this device yet',
        detail:
          'It could not be loaded from the server. Once you have used this page with a connection, it answers without one.',
      };
    case 'undecodable-image':
      return {
        title: 'Your browser cannot read this picture',
        detail: 'It may be broken, or of a kind that browsers do not show.',
        canRetry: false,
      };
    case 'too-many-pixels':
      return { title: 'This picture is too large', detail: error.message, canRetry: false };
    case 'unsupported-picture':
      return {
        title: 'This device cannot read this picture rightly',
        detail: error.message,
        canRetry: false,
      };
    case 'decoder-missing':
      return {
        title: 'A decoder is missing on this device',
        detail: `${error.message} With a connection it is loaded once and then stays.`,
      };
    case 'altered-pixels':
      return {
        title: 'Your browser protects you from being recognised',
        detail:
          'It alters pictures that a page reads, so an answer made here would be wrong. Choose “Server” instead.',
        canRetry: false,
      };
    case 'cancelled':
      return {
        title: 'You cancelled the download of the model',
        detail:
          'This device answers once the model is on it; trying again goes on with the download.',
      };
    case 'declined':
      return {
        title: 'The model is not on this device',
        detail: 'You did not want the large model here. Choose “Server”, or try again.',
      };
    case 'timeout':
      return {
        title: 'This device took too long',
        detail: 'Try it once more, or choose “Server”.',
      };
    default:
      return {
        title: 'The model does not run on this device',
        detail: `${error.message} Choose “Server” instead.`,
      };
  }
}
