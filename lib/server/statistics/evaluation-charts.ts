import type { Chart } from '../../shared/contract/statistics';
import type { Evaluation } from '../../shared/model/evaluation';
import { shortLabel } from '../../shared/model/labels';
import type { ModelFolder } from '../models/folder';

const made = new WeakMap<ModelFolder, readonly Chart[]>();

/** What the model's own evaluation measured; it does not change while the model is installed. */
export function evaluationCharts(model: ModelFolder): readonly Chart[] {
  const before = made.get(model);
  if (before) return before;
  const charts = model.evaluation ? chartsOf(model, model.evaluation) : [];
  made.set(model, charts);
  return charts;
}

function chartsOf({ labels }: ModelFolder, evaluation: Evaluation): Chart[] {
  const { images, calibration, perClass, mostConfused } = evaluation;
  const name = (index: number) => shortLabel(labels[index] ?? `class ${index}`);
  const charts: Chart[] = [];
  if (calibration) charts.push(reliability(calibration.bins, images));
  if (perClass) {
    const points = perClass.map(({ index, recall }): [string, number] => [name(index), recall]);
    charts.push({
      id: 'class-accuracy',
      title: `How many pictures of each class were recognised (${images} pictures)`,
      kind: 'bar',
      unit: 'share',
      x: { label: 'Class', kind: 'category' },
      series: [{ id: 'recall', label: 'Recognised', points }],
    });
  }
  if (mostConfused) charts.push(confusion(mostConfused, images, name));
  return charts;
}

function reliability(bins: NonNullable<Evaluation['calibration']>['bins'], images: number): Chart {
  const points = bins.flatMap(({ meanConfidence, accuracy }): [number, number][] =>
    meanConfidence === null || accuracy === null ? [] : [[meanConfidence, accuracy]],
  );
  return {
    id: 'calibration',
    title: `How often the model was right, by how sure it was (${images} pictures)`,
    kind: 'scatter',
    unit: 'share',
    x: { label: 'Mean confidence', kind: 'number' },
    series: [{ id: 'measured', label: 'Right', points }],
  };
}

/** One series for each class that was taken for another: with what, and how often. */
function confusion(
  pairs: NonNullable<Evaluation['mostConfused']>,
  images: number,
  name: (index: number) => string,
): Chart {
  const byActual = new Map<number, [string, number][]>();
  for (const { actual, predicted, count } of pairs) {
    const points = byActual.get(actual) ?? [];
    points.push([name(predicted), count]);
    byActual.set(actual, points);
  }
  return {
    id: 'confusion',
    title: `Classes that were most often taken for another (${images} pictures)`,
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
