/**
 * Describes how a model's files were interpreted, so that the user notices a wrong guess at once.
 */
import type { ModelFolder } from '../../lib/server/models/folder';
import type { Preprocessing } from '@/lib/shared/model/preprocessing';
import { columns } from './text';

/** Where each part of a model's description came from. */
export interface Origins {
  readonly labels: string;
  readonly preprocessing: string;
}

const NAMED_LABELS = 3;

export function understood(
  { head, labels, preprocessing }: Pick<ModelFolder, 'head' | 'labels' | 'preprocessing'>,
  from: Origins,
): string {
  const names = labels.slice(0, NAMED_LABELS).join(' · ');
  const prepared = `(${from.preprocessing})`;
  return columns([
    ['head', `${headWords(head, labels)} (graph and config.json)`],
    [
      'labels',
      `${labels.length}: ${names}${labels.length > NAMED_LABELS ? ' …' : ''} (${from.labels})`,
    ],
    ['resize', `${resizeWords(preprocessing)} ${prepared}`],
    ['crop', `${cropWords(preprocessing)} ${prepared}`],
    ['channels', `${orderWords(preprocessing)} ${prepared}`],
    ['values', `${valueWords(preprocessing)} ${prepared}`],
  ]);
}

export function headWords(
  { kind, output, scores, positive = 1, threshold }: ModelFolder['head'],
  labels: readonly string[],
): string {
  const of = output === undefined ? '' : ` of output "${output}"`;
  const values = `${scores ?? 'logits or probabilities, as a trial tells,'}${of}`;
  if (kind === 'binary') return `one output, for "${labels[positive]}": ${values}`;
  return kind === 'multi-label'
    ? `each label by itself, selected from ${threshold} on: ${values}`
    : `classes that exclude each other: ${values}`;
}

function resizeWords({ resize }: Preprocessing): string {
  if (!resize) return 'none';
  if (resize.kind === 'exact') return `to ${resize.width} × ${resize.height}, ${resize.filter}`;
  const bound = resize.longest === undefined ? '' : `, longest at most ${resize.longest}`;
  return `shortest edge to ${resize.edge}${bound}, ${resize.filter}`;
}

function cropWords({ crop, cropRounding = 'floor' }: Preprocessing): string {
  if (!crop) return 'none';
  const rounding = cropRounding === 'floor' ? 'rounded down' : 'rounded half to even';
  return `centre ${crop.width} × ${crop.height}, its start ${rounding}`;
}

function orderWords({ isBgr = false, isGrey = false }: Preprocessing): string {
  if (isGrey) return 'grey';
  return isBgr ? 'blue, green, red' : 'red, green, blue';
}

function valueWords({ rescaleFactor, normalization }: Preprocessing): string {
  const factor = rescaleFactor === 1 ? '0 to 255' : `times ${Number(rescaleFactor.toPrecision(6))}`;
  if (!normalization) return factor;
  const numbers = (values: readonly number[]) => values.join(', ');
  return `${factor}, mean ${numbers(normalization.mean)}, std ${numbers(normalization.std)}`;
}
