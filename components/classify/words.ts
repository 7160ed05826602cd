/** What the page says, in the visitor's terms. Pure, so that every sentence has a test. */
import type { Classified, Sent } from '@/lib/browser/client/client';
import { ServerError } from '@/lib/browser/client/predict';
import type { CameraProblem } from '@/lib/browser/camera/camera';
import type { Backend } from '@/lib/browser/client/device/assets';
import type { LoadedFile } from '@/lib/browser/client/device/device';
import { DeviceError } from '@/lib/browser/client/device/worker-bridge';
import type { RuntimeChoice, ServerFailure } from '@/lib/browser/client/where';
import type { ModelSummary } from '@/lib/shared/contract/models';
import type { Problem } from '@/lib/shared/contract/problems';
import type { UncertaintyRule } from '@/lib/shared/model/evaluation';
import { shownName, shownNames } from '@/lib/shared/model/labels';
import type { Prediction } from '@/lib/shared/vision/ranking';
import { formatDuration, formatFileSize, formatPercent } from '@/lib/shared/numbers/format';

export const BACKEND_NAMES: Record<Backend, string> = { wasm: 'WebAssembly', webgpu: 'WebGPU' };

/** "model_fp16.onnx, 2.1 MB" */
export function fileWords({ name, bytes }: LoadedFile): string {
  return `${name}, ${formatFileSize(bytes)}`;
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

export function placeName(classified: Classified): string {
  return classified.on === 'server' ? 'On the server' : 'On this device';
}

/** How many labels of a model are named as examples. */
const EXAMPLES = 3;
/** Longer ones would make the sentence hard to read. */
const MAX_EXAMPLE_LENGTH = 16;

/** "It knows 200 things (brown bear, fountain, umbrella …). On test pictures …" */
export function knowledgeSentence({
  labels,
  accuracy,
}: Pick<ModelSummary, 'labels' | 'accuracy'>): string {
  const names = shownNames(labels);
  const knows =
    names.length <= EXAMPLES
      ? `It knows ${names.join(' and ')}.`
      : `It knows ${names.length.toLocaleString('en')} things${examples(names)}.`;
  if (!accuracy) return knows;
  return `${knows} On test pictures its first guess was right ${Math.round(accuracy.top1 * 100)} times in 100.`;
}

/** " (brown bear, fountain, umbrella …)": short names from all over the list. */
function examples(names: readonly string[]): string {
  const short = names.filter((name) => name.length <= MAX_EXAMPLE_LENGTH);
  if (short.length < EXAMPLES) return '';
  const step = short.length / EXAMPLES;
  const chosen = Array.from({ length: EXAMPLES }, (_, i) => short[Math.floor((i + 0.5) * step)]);
  return ` (${chosen.join(', ')} …)`;
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

function serverErrorSentence({ status }: { readonly status: number }): string {
  if (status === 503) return 'The server was busy (503).';
  if (status === 413) return 'The picture is larger than may be sent to the server (413).';
  return status === 502 || status === 504
    ? `The server was not there (${status}).`
    : `The server had a fault (${status}).`;
}

type Shown = Pick<Prediction, 'label' | 'name' | 'selected'>;

/** "Not sure: perhaps espresso, or cup."; of labels by themselves that some are near the threshold. */
export function doubt(predictions: readonly Shown[]): string {
  if (isIndependent(predictions)) return 'Not sure: a label is close to the threshold.';
  const [first, second] = predictions.map(shownName);
  return `Not sure: perhaps ${[first, second].filter(Boolean).join(', or ')}.`;
}

/** Why an answer is doubtful, in numbers that are on the page. */
export function doubtReason(
  predictions: readonly Pick<Prediction, 'label' | 'score'>[],
  rule: UncertaintyRule | undefined,
): string {
  const [first, second] = predictions;
  if (!first) return '';
  const parts = [`The first label has ${formatPercent(first.score)}`];
  if (second) parts.push(`the second ${formatPercent(second.score)}`);
  const numbers = `${parts.join(', ')}.`;
  if (!rule) return numbers;
  if (first.score < rule.minScore) {
    return `${numbers} Below ${formatPercent(rule.minScore)} an answer of this model counts as a guess.`;
  }
  if (second && first.score - second.score < rule.minMargin) {
    return `${numbers} They are closer than ${formatPercent(rule.minMargin)}, so either may be right.`;
  }
  return `${numbers} But the picture is unlike those the model learnt from, so its numbers mean little here.`;
}

/** "3 labels below 20 % are not shown." */
export function hiddenSentence(count: number, threshold: number): string {
  const labels = count === 1 ? '1 label' : `${count} labels`;
  return `${labels} below ${Math.round(threshold * 100)} % ${count === 1 ? 'is' : 'are'} not shown.`;
}

/** Whether each label stands by itself, over a threshold or not. */
function isIndependent([first]: readonly Shown[]): boolean {
  return first?.selected !== undefined;
}

/** How many selected labels are named in a line. */
const MAX_SELECTED = 3;

/**
 * The first label; of labels by themselves those over the threshold, as "cat, dog", or that there is
 * none. In doubt it says so.
 */
export function answerName(predictions: readonly Shown[], uncertain: boolean): string {
  const [first] = predictions;
  if (!first) return '';
  if (!isIndependent(predictions)) return spokenLabel(first, uncertain);
  const selected = predictions.filter((prediction) => prediction.selected).map(shownName);
  const more = selected.length > MAX_SELECTED ? ` and ${selected.length - MAX_SELECTED} more` : '';
  const names = selected.slice(0, MAX_SELECTED).join(', ') + more;
  if (names === '') return uncertain ? 'Not sure: no label' : 'No label over the threshold';
  return uncertain ? `Not sure: ${names}` : names;
}

/** "Egyptian cat, 83 percent, on the server, 12 milliseconds"; "Not sure: perhaps …" in doubt */
export function announcement(classified: Classified): string {
  const [first] = classified.answer.predictions;
  if (!first) return '';
  const score = Math.round(first.score * 100);
  const elapsed = Math.round(classified.elapsedMs);
  const place = placeName(classified).toLowerCase();
  const named = answerName(classified.answer.predictions, classified.answer.uncertain);
  return `${named}, ${score} percent, ${place}, ${elapsed} milliseconds`;
}

/** "Egyptian cat", or "Not sure: perhaps Egyptian cat" */
export function spokenLabel(
  prediction: Pick<Prediction, 'label' | 'name'>,
  uncertain: boolean,
): string {
  const name = shownName(prediction);
  return uncertain ? `Not sure: perhaps ${name}` : name;
}

/** The names of kinds of files, for people. */
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
  /** Whether the same picture may be answered another time; it may unless this is false. */
  readonly canRetry?: boolean;
  /** When the server said it answers again. */
  readonly retryAfterMs?: number | undefined;
}

export const TEXT_REFUSAL: Failure = {
  title: 'That was text, not a picture',
  detail:
    'Copy the picture itself and paste it, or save it and choose the file. Addresses are not fetched.',
};

/** The visitor did not want to wait. */
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

/** An error as a title and what to do about it. */
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

/** What the device was asked for, where the server failed first. */
function afterServer({ title, detail }: Failure, { serverFailure }: DeviceError): Failure {
  if (!serverFailure) return { title, detail };
  return { title, detail: `${serverFailureSentence(serverFailure)} ${detail}` };
}

function serverFailureSentence(failure: ServerFailure): string {
  if (failure.kind === 'network') return 'The server could not be reached.';
  if (failure.kind === 'timeout') {
    return `The server did not answer within ${formatDuration(failure.timeoutMs)}.`;
  }
  if (failure.status === 429) return 'The server limits how much it answers (429).';
  return failure.status === 415
    ? 'The server does not read this format.'
    : serverErrorSentence(failure);
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

/** Why there is no live camera, and what to do about it. */
export function describeCamera(problem: CameraProblem): Failure {
  switch (problem) {
    case 'insecure':
      return {
        title: 'Browsers give the camera to secure pages only',
        detail: 'Open this page with https:// and the camera works.',
        canRetry: false,
      };
    case 'denied':
      return {
        title: 'This page may not use the camera',
        detail: 'Allow it in the settings of the page, beside the address, and try again.',
      };
    case 'absent':
      return {
        title: 'No camera was found',
        detail: 'Connect one and try again, or choose a picture.',
      };
    case 'busy':
      return {
        title: 'The camera does not deliver pictures',
        detail: 'Another program may be using it. Close that and try again.',
      };
    case 'unknown':
      return { title: 'The camera does not open', detail: 'Try again, or choose a picture.' };
  }
}
