/** Texts about what a model knows. */
import type { ModelSummary } from '@/lib/shared/contract/models';
import { shownNames } from '@/lib/shared/model/labels';

/** How many labels of a model are named as examples. */
const EXAMPLES = 3;
/**
 * Longest label used as an example, in characters. Longer ones would make the sentence hard to
 * read.
 */
const MAX_EXAMPLE_LENGTH = 16;

/** "It knows 200 things (brown bear, fountain, umbrella …). On test pictures …" */
export function knowledgeSentence({
  labels,
  accuracy,
}: Pick<ModelSummary, 'labels' | 'accuracy'>): string {
  const names = shownNames(labels);
  const knows =
    names.length <= EXAMPLES
      ? `It knows ${names.join(' and ')}.`
      : `It knows ${names.length.toLocaleString('en')} things${examples(names)}.`;
  if (!accuracy) return knows;
  return `${knows} On test pictures its first guess was right ${Math.round(accuracy.top1 * 100)} times in 100.`;
}

/** " (brown bear, fountain, umbrella …)": short names, spread over the whole list. */
function examples(names: readonly string[]): string {
  const short = names.filter((name) => name.length <= MAX_EXAMPLE_LENGTH);
  if (short.length < EXAMPLES) return '';
  const step = short.length / EXAMPLES;
  const chosen = Array.from({ length: EXAMPLES }, (_, i) => short[Math.floor((i + 0.5) * step)]);
  return ` (${chosen.join(', ')} …)`;
}
