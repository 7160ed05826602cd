import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ModelFolder } from '../models/folder';
import type { ModelRegistry } from '../models/registry';
import { isCredible, reportedFields, type Report } from './reports';

const NOW_MS = Date.parse('2026-11-27T12:00:00Z');
const DAY_MS = 86_400_000;
const registry: Pick<ModelRegistry, 'models'> = {
  models: [
    {
      id: 'm',
      version: '0123456789ab',
      labels: ['cat', 'dog'],
      head: { kind: 'single-label' },
    } as unknown as ModelFolder,
  ],
};
const multiLabel = {
  models: registry.models.map((model): ModelFolder => ({
    ...model,
    head: { kind: 'multi-label', threshold: 0.5 },
  })),
};

function report(change: Partial<Report> = {}): Report {
  return {
    id: randomUUID(),
    model: 'm',
    version: '0123456789ab',
    label: 'dog',
    index: 1,
    score: 0.75,
    latencyMs: 3,
    backend: 'wasm',
    at: new Date(NOW_MS - DAY_MS).toISOString(),
    reason: 'offline',
    ...change,
  };
}

describe('a report', () => {
  test.each<[string, boolean, Partial<Report>]>([
    ['of a known answer', true, {}],
    ['of another model', false, { model: 'x' }],
    ['of another version', false, { version: 'ba9876543210' }],
    ['of a label that is not the one of its index', false, { label: 'cat' }],
    ['of an index without a label', false, { index: 2 }],
    ['with an id that is no UUID', false, { id: 'abcdefgh-1' }],
    ['from 14 days ago', true, { at: new Date(NOW_MS - 14 * DAY_MS).toISOString() }],
    ['from longer ago', false, { at: new Date(NOW_MS - 14 * DAY_MS - 1).toISOString() }],
    ['from a clock that is a little fast', true, { at: new Date(NOW_MS + 60_000).toISOString() }],
    ['from tomorrow', false, { at: new Date(NOW_MS + DAY_MS).toISOString() }],
  ])('%s is credible: %s', (_name, expected, change) => {
    expect(isCredible(report(change), registry, NOW_MS)).toBe(expected);
  });

  test.each<[string, boolean, readonly number[]]>([
    ['both labels', true, [0, 1]],
    ['none', true, []],
    ['a label that is none', false, [1, 2]],
    ['a label twice', false, [1, 1]],
  ])('that selects %s is credible of a multi-label model: %s', (_name, expected, selected) => {
    const made = report({ selected: [...selected] });
    expect(isCredible(made, multiLabel, NOW_MS)).toBe(expected);
    expect(isCredible(made, registry, NOW_MS)).toBe(false);
  });

  test('of a multi-label model counts all that are selected', () => {
    const labels = (selected: number[]) =>
      reportedFields(report({ selected })).filter((field) => field.startsWith('reported-label:'));
    expect(labels([0, 1])).toEqual(['reported-label:m/0', 'reported-label:m/1']);
    expect(labels([])).toEqual([]);
  });

  test('is counted apart from what the server answered', () => {
    const fields = reportedFields(report({ reason: 'made up', uncertain: true }));
    expect(fields).toEqual([
      'n:images',
      'source:browser',
      'reported-model:m',
      'reported-label:m/1',
      'reported-confidence:7',
      'reported-confidence-of:m/7',
      'reported-certainty:uncertain',
      'backend:wasm',
      'reason:other',
    ]);
  });
});
