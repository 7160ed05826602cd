/** Titles of charts: each says what was measured. */
import { formatDuration } from '@/lib/shared/numbers/format';
import { LEAST_ANSWERS, MOVED } from '../../shared/uncertainty/drift';
import type { Drift } from './drift';
import type { WindowName } from './history';
import type { Missing } from './reference';

/** A span that ends now, or one that ended before. */
export type SpanName = WindowName | `past-${WindowName}`;

const SPANS: Record<SpanName, string> = {
  '1h': 'in the last hour',
  '24h': 'in the last 24 hours',
  '7d': 'in the last 7 days',
  'past-1h': 'in that hour',
  'past-24h': 'in those 24 hours',
  'past-7d': 'in those 7 days',
};

/** A count with a thousands separator: 12,345. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${Math.round(n).toLocaleString('en')} ${n === 1 ? one : many}`;
}

/** A share in whole percent; only 1 gives 100 %, and only 0 gives 0 %. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return 'less than 1 %';
  if (share < 1 && share > 0.99) return 'more than 99 %';
  return `${Math.round(share * 100)} %`;
}

export const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export function throughputTitle(requests: readonly number[], of: SpanName): string {
  const total = requests.reduce((sum, n) => sum + n, 0);
  if (total === 0) return `Nobody asked anything ${SPANS[of]}`;
  const answered = `${count(total, 'request')} ${total === 1 ? 'was' : 'were'} answered ${SPANS[of]}`;
  if (total === 1) return answered;
  return `${answered}, at most ${Math.max(...requests).toLocaleString('en')} in ${of.endsWith('1h') ? 'a minute' : 'an hour'}`;
}

/** @param p95Ms undefined if there were no predictions */
export function latencyTitle(p95Ms: number | undefined, of: SpanName): string {
  return p95Ms === undefined
    ? `Nothing was predicted ${SPANS[of]}`
    : `95 % of predictions came within ${formatDuration(p95Ms)}`;
}

export interface Outcomes {
  readonly requests: number;
  readonly limited: number;
  readonly shed: number;
  readonly refused: number;
  readonly failed: number;
}

export function statusTitle(
  { requests, limited, shed, refused, failed }: Outcomes,
  of: SpanName,
): string {
  if (requests === 0) return `Nothing succeeded and nothing failed ${SPANS[of]}`;
  const succeeded = requests - limited - shed - refused - failed;
  if (succeeded === requests) return 'Every request got what it asked for';
  const rest = [
    [limited, 'were limited'],
    [shed, 'were shed'],
    [refused, 'were refused for a mistake in them'],
    [failed, 'failed'],
  ] as const;
  const [most, name] = rest.reduce((a, b) => (b[0] > a[0] ? b : a));
  return `${capitalized(percent(succeeded / requests))} of requests got what they asked for, ${percent(most / requests)} ${name}`;
}

export function cacheTitle(hits: number, misses: number, of: SpanName): string {
  if (hits + misses === 0) return `No picture was looked up in the cache ${SPANS[of]}`;
  return `${capitalized(percent(hits / (hits + misses)))} of pictures were known from before`;
}

export function sourceTitle(server: number, device: number, of: SpanName): string {
  const total = server + device;
  if (total === 0) return `No picture was classified ${SPANS[of]}`;
  if (device === 0) return 'The server classified every picture, devices none';
  if (server === 0) return 'Devices classified every picture, the server none';
  return `The server classified ${percent(server / total)} of pictures, devices the rest`;
}

/**
 * @param counts the most frequent first
 * @param pictures that got an answer; each may have several labels, or none
 */
export function labelsTitle(
  counts: readonly (readonly [string, number])[],
  pictures: number,
  of: SpanName,
): string {
  const [first] = counts;
  if (!first) return `No label was given ${SPANS[of]}`;
  const share = first[1] / Math.max(pictures, first[1]);
  return `“${first[0]}” was the label most often: ${percent(share)} of pictures`;
}

/** @param counts by tenth of probability */
export function confidenceTitle(counts: readonly number[], of: SpanName): string {
  const total = counts.reduce((sum, n) => sum + n, 0);
  if (total === 0) return `No predictions ${SPANS[of]}`;
  const sure = counts.slice(counts.length / 2).reduce((sum, n) => sum + n, 0);
  return `The model was at least 50 % sure of ${percent(sure / total)} of pictures`;
}

/** @param ratio null if there were no answers */
export function uncertainTitle(ratio: number | null, of: SpanName): string {
  if (ratio === null) return `No answers ${SPANS[of]}`;
  return `The model was not sure of ${percent(ratio)} of pictures`;
}

/** @param against `evaluation`, or an ISO week */
export function baselineName(against: string): string {
  return against === 'evaluation' ? 'evaluation' : `week ${against}`;
}

/** @param drift undefined if the evaluation has no baseline */
export function driftTitle(
  drift: Omit<Drift, 'baseline' | 'confidence'> | undefined,
  of: SpanName,
): string {
  if (!drift) return 'No evaluation says how the model’s answers should lie';
  const { against, answers, baselineAnswers, missing, psi } = drift;
  const named = against === 'evaluation' ? 'the evaluation' : baselineName(against);
  if (missing) return `${capitalized(named)} ${MISSING[missing]}`;
  if (baselineAnswers < LEAST_ANSWERS) return tooFew(`of ${named}`, baselineAnswers);
  if (!psi) return tooFew(SPANS[of], answers);
  const moved = movedText(Math.max(psi.label, psi.confidence), named);
  return `${moved}: PSI ${psi.confidence.toFixed(2)} by confidence, ${psi.label.toFixed(2)} by label (${count(answers, 'answer')})`;
}

const MISSING: Record<Missing, string> = {
  'not-over': 'is not over: drift is measured from it once it is',
  forgotten: 'is no longer known: drift cannot be measured from it',
  'store-unavailable': 'cannot be read now: the store that keeps the counts does not answer',
};

function tooFew(where: string, answers: number): string {
  return `Too few answers ${where} to tell drift: ${answers.toLocaleString('en')} of ${LEAST_ANSWERS}`;
}

function movedText(psi: number, from: string): string {
  if (psi < MOVED.little) return `Answers lie as in ${from}`;
  if (psi < MOVED.much) return `Answers have moved a little from ${from}`;
  return `Answers lie unlike those of ${from}`;
}

/**
 * A title of what this server counted itself, beside what browsers reported.
 *
 * @param own how much the title is about; what is drawn beside it is not in it
 */
export function withReported(title: string, own: number, reported: number, of: SpanName): string {
  const reportedText = Math.round(reported).toLocaleString('en');
  return own > 0
    ? `${title}; browsers reported ${reportedText} more`
    : `Nothing that this server answered itself ${SPANS[of]}; browsers reported ${reportedText}`;
}

export function feedbackTitle(right: number, wrong: number, of: SpanName): string {
  const total = right + wrong;
  if (total === 0) return `No visitor called an answer right or wrong ${SPANS[of]}`;
  return `Visitors called ${wrong.toLocaleString('en')} of ${count(total, 'answer')} wrong`;
}

/** @param counts the most frequent first */
export function wrongLabelsTitle(
  counts: readonly (readonly [string, number])[],
  of: SpanName,
): string {
  const [first] = counts;
  return first
    ? `“${first[0]}” was called wrong most often: ${count(first[1], 'time')}`
    : `No visitor called a label wrong ${SPANS[of]}`;
}

interface Bin {
  readonly count: number;
  readonly meanConfidence: number | null;
  readonly accuracy: number | null;
}

/** @param of what the bins count: pictures, or every score of a label that stands by itself */
export function calibrationTitle(
  bins: readonly Bin[],
  of: 'picture' | 'label score' = 'picture',
): string {
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  const off = bins.reduce(
    (sum, bin) => sum + bin.count * Math.abs((bin.meanConfidence ?? 0) - (bin.accuracy ?? 0)),
    0,
  );
  const points = total === 0 ? 0 : (off / total) * 100;
  const claim =
    of === 'picture'
      ? 'The model is as often right as it says'
      : 'Labels fit as often as they score';
  return `${claim}, ${points.toFixed(1)} points off on average (${count(total, of)})`;
}

/** @param classes name and share recognised */
export function classAccuracyTitle(
  classes: readonly (readonly [string, number])[],
  top1: number,
  images: number,
): string {
  const worst = classes.reduce((a, b) => (b[1] < a[1] ? b : a), classes[0] ?? ['', 0]);
  return `${capitalized(percent(top1))} of pictures are recognised, of “${worst[0]}” only ${percent(worst[1])} (${count(images, 'picture')})`;
}

/** @param pair the most frequent confusion */
export function confusionTitle(
  pair: { readonly actual: string; readonly predicted: string; readonly count: number } | undefined,
  images: number,
): string {
  if (!pair) return `No class is taken for another (${count(images, 'picture')})`;
  return `“${pair.actual}” is taken for “${pair.predicted}” most often: ${count(pair.count, 'time')} (${count(images, 'picture')})`;
}
