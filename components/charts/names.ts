/** The name of each chart, and its text while there is no data. */
import type { Chart } from '@/lib/shared/contract/statistics';

interface Words {
  readonly name: string;
  /** What will appear here, and how to produce it. */
  readonly empty: string;
}

const CLASSIFY = 'Classify a picture and it begins.';

const WORDS: Record<string, Words> = {
  throughput: {
    name: 'Throughput',
    empty: `Requests and pictures over time. ${CLASSIFY}`,
  },
  latency: {
    name: 'Latency',
    empty: `How long predictions took: the median, and what 95 and 99 % of them stayed below. ${CLASSIFY}`,
  },
  status: {
    name: 'Outcomes',
    empty: `Requests that were answered, limited, shed or failed. ${CLASSIFY}`,
  },
  cache: {
    name: 'Cache',
    empty:
      'The share of pictures that the server had seen before. Classify the same picture twice and it begins.',
  },
  source: {
    name: 'Server or device',
    empty: `Where pictures were classified. ${CLASSIFY}`,
  },
  labels: {
    name: 'Labels',
    empty: `The labels that were given most often. ${CLASSIFY}`,
  },
  confidence: {
    name: 'Confidence',
    empty: `How sure the model was of its first label. ${CLASSIFY}`,
  },
  uncertain: {
    name: 'Doubt',
    empty: `How often the model was not sure. ${CLASSIFY}`,
  },
  drift: {
    name: 'Drift',
    empty:
      'How sure the model is of its answers, beside how sure it was when it was evaluated, or in a week that was chosen. With 200 answers here and there it begins.',
  },
  feedback: {
    name: 'Feedback',
    empty:
      'What visitors say of answers. Mark an answer right or wrong, or send it to /api/feedback, and it begins.',
  },
  'wrong-labels': {
    name: 'Wrong labels',
    empty: 'The labels that visitors call wrong most often. Mark an answer wrong and it begins.',
  },
  calibration: {
    name: 'Reliability',
    empty: 'How often the model is right, by how sure it says it is. Its evaluation has no bins.',
  },
  'class-accuracy': {
    name: 'Classes',
    empty: 'How many pictures of each class are recognised. The evaluation names no classes.',
  },
  confusion: {
    name: 'Confusion',
    empty: 'Which classes are taken for which others. The evaluation counted no mistakes.',
  },
};

export function chartName({ id }: Chart): string {
  return WORDS[id]?.name ?? id;
}

export function emptyText({ id }: Chart): string {
  return WORDS[id]?.empty ?? 'There is nothing to draw yet.';
}

/** Whether nothing was counted; a chart of zeros counts as empty. */
export function isEmpty({ series }: Chart): boolean {
  return series.every(({ points }) => points.every(([, value]) => !value));
}
