import { describe, expect, test } from 'vitest';
import type { ModelFolder } from '../models/folder';
import { evaluationCharts } from './evaluation-charts';

const BINS = [
  { lower: 0, upper: 0.5, count: 300, meanConfidence: 0.1, accuracy: 0.1 },
  { lower: 0.5, upper: 1, count: 100, meanConfidence: 0.8, accuracy: 0.7 },
];

function folder(kind: string): ModelFolder {
  const evaluation = { images: 100, calibration: { bins: BINS } };
  return { labels: ['a', 'b', 'c', 'd'], head: { kind }, evaluation } as unknown as ModelFolder;
}

describe('reliability', () => {
  test('counts pictures where classes exclude each other', () => {
    const [chart] = evaluationCharts(folder('single-label'));
    expect(chart!.title).toContain('(400 pictures)');
    expect(chart!.series[0]!.id).toBe('measured');
  });

  test('counts scores, of which a picture has as many as there are labels, where they do not', () => {
    const [chart] = evaluationCharts(folder('multi-label'));
    expect(chart!.title).toBe(
      'Labels fit as often as they score, 2.5 points off on average (400 label scores)',
    );
    expect(chart!.series[0]).toMatchObject({ id: 'label-scores', counts: [300, 100] });
  });
});
