import type { Chart } from '../../shared/contract/statistics';
import type { Evaluation } from '../../shared/model/evaluation';
import { shownNames } from '@/lib/shared/model/labels';
import type { ModelFolder } from '../models/folder';
import { calibrationTitle, classAccuracyTitle, confusionTitle } from './titles';

const made = new WeakMap<ModelFolder, readonly Chart[]>();

/** Charts of the model's own evaluation, which does not change while the model is installed. */
export function evaluationCharts(model: ModelFolder): readonly Chart[] {
  const before = made.get(model);
  if (before) return before;
  const charts = model.evaluation ? chartsOf(model, model.evaluation) : [];
  made.set(model, charts);
  return charts;
}

function chartsOf({ labels, head }: ModelFolder, evaluation: Evaluation): Chart[] {
  const { images, accuracy, calibration, perClass, mostConfused } = evaluation;
  const names = shownNames(labels);
  const name = (index: number) => names[index] ?? `class ${index}`;
  const charts: Chart[] = [];
  if (calibration) charts.push(reliability(calibration.bins, head.kind === 'multi-label'));
  if (perClass && accuracy) {
    const points = perClass.map(({ index, recall }): [string, number] => [name(index), recall]);
    charts.push({
      id: 'class-accuracy',
      title: classAccuracyTitle(points, accuracy.top1, images),
      kind: 'bar',
      unit: 'share',
      x: { label: 'Class', kind: 'category' },
      series: [
        {
          id: 'recall',
          label: 'Recognised',
          points,
          counts: perClass.map(({ support }) => support),
        },
      ],
    });
  }
  if (mostConfused) charts.push(confusion(mostConfused, images, name));
  return charts;
}

/** @param isByLabel each label stands by itself: the bins count all scores, not pictures */
function reliability(
  bins: NonNullable<Evaluation['calibration']>['bins'],
  isByLabel: boolean,
): Chart {
  const filled = bins.flatMap(({ count, meanConfidence, accuracy }) =>
    meanConfidence === null || accuracy === null ? [] : [{ count, meanConfidence, accuracy }],
  );
  const points = filled.map((bin): [number, number] => [bin.meanConfidence, bin.accuracy]);
  return {
    id: 'calibration',
    title: calibrationTitle(filled, isByLabel ? 'label score' : 'picture'),
    kind: 'scatter',
    unit: 'share',
    x: { label: isByLabel ? 'Mean score of a label' : 'Mean confidence', kind: 'number' },
    series: [
      {
        ...(isByLabel
          ? { id: 'label-scores', label: 'Label fits' }
          : { id: 'measured', label: 'Right' }),
        points,
        counts: filled.map(({ count }) => count),
      },
    ],
  };
}

/** One series for each confused class: the classes predicted instead, and how often. */
function confusion(
  pairs: NonNullable<Evaluation['mostConfused']>,
  images: number,
  name: (index: number) => string,
): Chart {
  const [first] = pairs;
  const worst = first && {
    actual: name(first.actual),
    predicted: name(first.predicted),
    count: first.count,
  };
  const byActual = new Map<number, [string, number][]>();
  for (const { actual, predicted, count } of pairs) {
    const points = byActual.get(actual) ?? [];
    points.push([name(predicted), count]);
    byActual.set(actual, points);
  }
  return {
    id: 'confusion',
    title: confusionTitle(worst, images),
    kind: 'heat',
    unit: 'pictures',
    x: { label: 'Taken for', kind: 'category' },
    series: [...byActual].map(([actual, points]) => ({
      id: String(actual),
      label: name(actual),
      points,
    })),
  };
}
