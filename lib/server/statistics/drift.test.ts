import { describe, expect, test } from 'vitest';
import type { ModelFolder } from '../models/folder';
import { driftOf } from './drift';
import { rankedFields } from './fields';

const LABELS = Array<number>(20).fill(100);
const EVALUATION = { kind: 'evaluation' } as const;
const CONFIDENCE = Array<number>(10).fill(200);

function model(baseline?: { labels: number[]; confidence: number[] }): ModelFolder {
  const evaluation = { images: 2000, accuracy: { top1: 1, top5: 1 }, baseline };
  const head = { kind: 'single-label' };
  return { id: 'm', labels: LABELS.map(String), head, evaluation } as unknown as ModelFolder;
}

/** Counts of `n` answers, as they are recorded. */
function counted(
  n: number,
  answer: (i: number) => { index: number; score: number; labels?: number[] },
) {
  const sums = new Map<string, number>();
  for (let i = 0; i < n; i++) {
    const fields = rankedFields({ modelId: 'm', source: 'server', ...answer(i) });
    for (const field of fields) sums.set(field, (sums.get(field) ?? 0) + 1);
  }
  return sums;
}

describe('drift', () => {
  const withBaseline = model({ labels: LABELS, confidence: CONFIDENCE });
  const alike = (i: number) => ({ index: i % 20, score: ((i % 10) + 0.5) / 10 });

  test('is next to nothing where answers lie as in the evaluation', () => {
    const drift = driftOf(withBaseline, counted(400, alike), EVALUATION)!;
    expect(drift.answers).toBe(400);
    expect(drift.confidence).toEqual(Array(10).fill(40));
    expect(drift.psi!.label).toBeLessThan(0.001);
    expect(drift.psi!.confidence).toBeLessThan(0.001);
  });

  test('is told of labels and of confidence apart', () => {
    const sums = counted(400, (i) => ({ index: i % 4, score: ((i % 10) + 0.5) / 10 }));
    const { psi } = driftOf(withBaseline, sums, EVALUATION)!;
    expect(psi!.label).toBeGreaterThan(0.25);
    expect(psi!.confidence).toBeLessThan(0.001);
  });

  test('is not told of few answers, of another model, or without a baseline', () => {
    expect(driftOf(withBaseline, counted(199, alike), EVALUATION)!.psi).toBeUndefined();
    expect(driftOf(withBaseline, counted(200, alike), EVALUATION)!.psi).toBeDefined();
    const other = { ...withBaseline, id: 'other' };
    expect(driftOf(other, counted(400, alike), EVALUATION)).toMatchObject({
      answers: 0,
      psi: undefined,
    });
    expect(driftOf(model(), counted(400, alike), EVALUATION)).toBeUndefined();
  });

  test('counts answers of a multi-label model, not labels', () => {
    const head = { kind: 'multi-label', threshold: 0.5 };
    const few = { labels: LABELS.map(() => 2), confidence: CONFIDENCE };
    const many = { ...model(few), head } as ModelFolder;
    // One answer in ten has labels, and then two.
    const answer = (i: number) => ({
      ...alike(i),
      labels: i % 10 === 9 ? [(i + 1) % 20, (i + 11) % 20] : [],
    });
    const drift = driftOf(many, counted(400, answer), EVALUATION)!;
    expect([drift.answers, drift.baselineAnswers]).toEqual([400, 2000]);
    expect(drift.psi!.confidence).toBeLessThan(0.001);
  });

  test('is told from a week, whatever the evaluation keeps', () => {
    const week = {
      kind: 'week',
      week: '2026-W46',
      sums: counted(400, (i) => alike(i % 4)),
    } as const;
    const drift = driftOf(
      model(),
      counted(400, (i) => alike(i % 4)),
      week,
    )!;
    expect(drift).toMatchObject({ against: '2026-W46', answers: 400, baselineAnswers: 400 });
    expect(drift.psi).toEqual({ label: 0, confidence: 0 });
    expect(driftOf(withBaseline, counted(400, alike), week)!.psi!.label).toBeGreaterThan(0.25);
  });

  test('is not told from a week with few answers, nor from one that is missing', () => {
    const few = { kind: 'week', week: '2026-W46', sums: counted(199, alike) } as const;
    expect(driftOf(withBaseline, counted(400, alike), few)).toMatchObject({
      baselineAnswers: 199,
      psi: undefined,
    });
    const missing = { kind: 'missing', week: '2026-W46', why: 'forgotten' } as const;
    expect(driftOf(withBaseline, counted(400, alike), missing)).toMatchObject({
      against: '2026-W46',
      missing: 'forgotten',
      baselineAnswers: 0,
      psi: undefined,
    });
  });
});
