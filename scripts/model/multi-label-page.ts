/** Writes the evaluation of a multi-label model for people. */
import type { evaluateMultiLabel } from '@/lib/shared/evaluation/multi-label';
import { formatPercent } from '@/lib/shared/numbers/format';
import { shownNames } from '@/lib/shared/model/labels';
import { table } from './evaluation-page';
import { columns } from './text';

type Measured = ReturnType<typeof evaluateMultiLabel> & { readonly dataset: string };

function summary({ images, meanAveragePrecision, threshold, calibration }: Measured): string[][] {
  const { temperature, ece } = calibration;
  return [
    ['pictures', String(images)],
    ['mean average precision', formatPercent(meanAveragePrecision)],
    ['threshold', String(threshold)],
    ['temperature', temperature.toFixed(4)],
    ['expected calibration error', `${ece.before} before, ${ece.after} after`],
  ];
}

/** The text of EVALUATION.md. */
export function multiLabelPage(id: string, labels: readonly string[], file: Measured): string {
  const names = shownNames(labels);
  const rows = file.perClass.map(({ index, support, precision, recall, f1, averagePrecision }) => [
    names[index] ?? `class ${index}`,
    String(support),
    formatPercent(precision),
    formatPercent(recall),
    f1.toFixed(3),
    averagePrecision.toFixed(3),
  ]);
  const parts = [
    `# Evaluation of ${id}`,
    `${file.images} pictures: ${file.dataset}. Made by \`npm run model -- evaluate\`. Labels stand by themselves; precision, recall and F1 are at the threshold, after dividing logits by the temperature.`,
    table(['measure', 'value'], summary(file)),
    '## Each label',
    table(['label', 'pictures', 'precision', 'recall', 'F1', 'average precision'], rows),
  ];
  return `${parts.join('\n\n')}\n`;
}

export function multiLabelReport(file: Measured): string {
  const worst = [...file.perClass].sort((a, b) => a.f1 - b.f1).slice(0, 5);
  const rows = worst.map(({ label, f1, support }) => [`  ${label}`, `F1 ${f1}`, `${support}`]);
  return `${columns(summary(file))}\n\nHardest labels\n${columns(rows)}\n\nWritten: evaluation.json and EVALUATION.md.`;
}
