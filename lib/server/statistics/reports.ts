/**
 * Decides which reports of browsers count: each id once, with a label that exists and a recent
 * time.
 */
import { validate as isUuid } from 'uuid';
import type * as z from 'zod/mini';
import type { reportSchema } from '@/lib/shared/contract/statistics';
import type { ModelFolder } from '../models/folder';
import type { ModelRegistry } from '../models/registry';
import { REPORTED_WITHIN_MS } from '../store/port';
import { rankedFields } from './fields';

export type Report = z.infer<typeof reportSchema>;

/** Clocks of devices may be wrong by minutes. */
const AHEAD_MS = 5 * 60_000;

/** Unknown reasons are counted as one, so that reports cannot fill the store with names. */
const KNOWN_REASONS = new Set([
  'chosen',
  'offline',
  'network',
  'timeout',
  'limited',
  'server-error',
  'format',
]);

/** Whether a report can be true: model, version and label exist, and the time is recent. */
export function isCredible(
  { id, model: modelId, version, label, index, selected, at }: Report,
  { models }: Pick<ModelRegistry, 'models'>,
  nowMs: number,
): boolean {
  const model = models.find((candidate) => candidate.id === modelId);
  const ageMs = nowMs - Date.parse(at);
  return (
    isUuid(id) &&
    model?.version === version &&
    model.labels[index] === label &&
    areSelected(selected, model) &&
    ageMs <= REPORTED_WITHIN_MS &&
    ageMs >= -AHEAD_MS
  );
}

/**
 * Whether an answer of the model can have selected these labels; only a multi-label head selects
 * any.
 */
export function areSelected(
  selected: readonly number[] | undefined,
  { head, labels }: Pick<ModelFolder, 'head' | 'labels'>,
): boolean {
  if (selected === undefined) return true;
  const areLabels = selected.every((index) => index < labels.length);
  return head.kind === 'multi-label' && areLabels && new Set(selected).size === selected.length;
}

/** Has a prefix, so that ids of reports and of feedback cannot collide. */
export function claimOf({ id }: Pick<Report, 'id'>): string {
  return `report:${id.toLowerCase()}`;
}

export function knownReason(reason: string): string {
  return KNOWN_REASONS.has(reason) ? reason : 'other';
}

export function reportedFields(report: Report): string[] {
  const { model: modelId, index, score, selected, uncertain, backend, reason } = report;
  const labels = selected ?? [index];
  return [
    ...rankedFields({ modelId, index, labels, score, uncertain, source: 'browser' }),
    `backend:${backend}`,
    `reason:${knownReason(reason)}`,
  ];
}
