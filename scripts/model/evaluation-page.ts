/**
 * Writes EVALUATION.md: the figures of evaluation.json for people, with the meaning of its fields.
 */
import { formatPercent } from '@/lib/shared/numbers/format';
import type { evaluate } from '../../lib/shared/evaluation/evaluate';
import { shownNames } from '../../lib/shared/model/labels';
import { columns } from './text';

export interface Latency {
  readonly p50: number;
  readonly p95: number;
}

export type EvaluationFile = ReturnType<typeof evaluate> & {
  readonly schema: 1;
  readonly dataset: string;
  readonly preprocessing: string;
  readonly unreadable?: number;
  readonly latency: {
    readonly workers: number;
    readonly picturesPerSecond: number;
    readonly decodeMs: Latency;
    readonly inferenceMs: Latency;
  };
};

const FIELDS: readonly (readonly [field: string, meaning: string])[] = [
  [
    'dataset, images, preprocessing',
    'what was evaluated, how many pictures, how they were prepared',
  ],
  [
    'unreadable',
    'pictures that could not be decoded and are not counted; absent where there were none',
  ],
  [
    'accuracy.top1, accuracy.top5',
    'share of pictures whose label is the first, among the first five',
  ],
  ['nll', 'mean negative log-likelihood before calibration, in nats'],
  [
    'calibration.temperature',
    'logits are divided by it before softmax; fitted by minimal nll on `fittedOn`',
  ],
  [
    'calibration.ece.before, .after',
    'expected calibration error, 15 equal bins of the top confidence, on `measuredOn`',
  ],
  [
    'calibration.bins[]',
    'lower, upper, count, meanConfidence, accuracy, after temperature; null where count is 0',
  ],
  [
    'perClass[]',
    'index, synset (if the model has synsets.txt), label, support, precision, recall, f1, of each class that was shown',
  ],
  ['confusion[]', '[actual, predicted, count], counts over 0 only'],
  ['mostConfused[]', 'the 25 largest off the diagonal'],
  [
    'latency',
    'milliseconds of decoding, and of preparing and inferring, median and 95th percentile, with `workers` side by side',
  ],
];

/** @param labels labels of all classes, in the order of the model's output */
export function evaluationPage(
  id: string,
  labels: readonly string[],
  file: EvaluationFile,
): string {
  const parts = [
    `# Evaluation of ${id}`,
    `${file.images} pictures: ${escape(file.dataset)}. Made by \`npm run model -- evaluate\`; the same figures, and the whole confusion, are in evaluation.json.`,
    table(['measure', 'value'], summary(file)),
    '## Calibration',
    `Confidence after dividing logits by the temperature, on the half of the pictures that it was not fitted on.`,
    table(['confidence', 'pictures', 'mean confidence', 'right'], calibrationRows(file)),
    '## Most confused',
    table(['shown', 'taken for', 'pictures'], confusedRows(labels, file)),
    '## Each class',
    table(['class', 'pictures', 'precision', 'recall', 'F1'], classRows(labels, file)),
    '## evaluation.json, schema 1',
    table(['field', 'meaning'], FIELDS),
  ];
  return `${parts.join('\n\n')}\n`;
}

function summary({ accuracy, nll, calibration, latency, unreadable }: EvaluationFile): string[][] {
  const { ece, temperature } = calibration;
  const took = ({ p50, p95 }: Latency) => `${p50} ms median, ${p95} ms at the 95th percentile`;
  return [
    ['first label right', formatPercent(accuracy.top1)],
    ['among the first five', formatPercent(accuracy.top5)],
    ['negative log-likelihood', nll.toFixed(4)],
    ['temperature', temperature.toFixed(4)],
    ['expected calibration error', `${ece.before} before, ${ece.after} after`],
    ['decoding', took(latency.decodeMs)],
    ['preparing and inferring', took(latency.inferenceMs)],
    ['throughput', `${latency.picturesPerSecond} pictures a second, ${latency.workers} workers`],
    ...(unreadable === undefined ? [] : [['could not be decoded', `${unreadable} pictures`]]),
  ];
}

function calibrationRows({ calibration }: EvaluationFile): string[][] {
  const share = (value: number | null) => (value === null ? '' : formatPercent(value));
  return calibration.bins.map(({ lower, upper, count, meanConfidence, accuracy }) => [
    `${formatPercent(lower)} to ${formatPercent(upper)}`,
    String(count),
    share(meanConfidence),
    share(accuracy),
  ]);
}

function confusedRows(labels: readonly string[], { mostConfused }: EvaluationFile): string[][] {
  const names = shownNames(labels);
  const name = (index: number) => names[index] ?? `class ${index}`;
  return mostConfused.map(({ actual, predicted, count }) => [
    name(actual),
    name(predicted),
    String(count),
  ]);
}

function classRows(labels: readonly string[], { perClass }: EvaluationFile): string[][] {
  const names = shownNames(labels);
  return perClass.map(({ index, label, support, precision, recall, f1 }) => [
    names[index] ?? label,
    String(support),
    formatPercent(precision),
    formatPercent(recall),
    f1.toFixed(3),
  ]);
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, head.map(() => '---'), ...rows.map((row) => row.map(escape))];
  const lines = cells.map((row) => ['|', ...row.flatMap((cell) => [cell, '|'])]);
  return columns(lines, ' ');
}

/** Escapes Markdown in labels, which are plain text. */
function escape(text: string): string {
  return text.replace(/[\\|*<>]/g, (character) => `\\${character}`);
}
