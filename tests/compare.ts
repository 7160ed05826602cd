import { median } from '@/lib/shared/numbers/quantile';

/** How far two answers to the same picture are apart. */
export interface Comparison {
  readonly name: string;
  /** Largest difference of any class's probability. */
  readonly largest: number;
  /** Lead of the first label over the second, in the first answer. */
  readonly lead: number;
  readonly firstsAgree: boolean;
}

export function compare(name: string, a: readonly number[], b: readonly number[]): Comparison {
  const ranked = a.map((score, index) => ({ score, index })).sort((x, y) => y.score - x.score);
  const [first, second] = ranked;
  return {
    name,
    largest: Math.max(...a.map((score, index) => Math.abs(score - b[index]!))),
    lead: first!.score - (second?.score ?? 0),
    firstsAgree: b.every((score) => score <= b[first!.index]!),
  };
}

/** A table, the largest difference first, under its median and maximum. */
export function report(title: string, comparisons: readonly Comparison[]): string {
  const differences = comparisons.map(({ largest }) => largest);
  const rows = [...comparisons]
    .sort((a, b) => b.largest - a.largest)
    .map(({ name, largest, firstsAgree }) =>
      [`  ${largest.toFixed(5)}`, name, firstsAgree ? '' : 'other first label']
        .join('  ')
        .trimEnd(),
    );
  const summary =
    `${title}: ${comparisons.length} pictures, largest difference of a probability: ` +
    `median ${median(differences).toFixed(5)}, maximum ${Math.max(...differences).toFixed(5)}`;
  return [summary, ...rows].join('\n');
}

/** POSTs a picture and gives the probability of every class. */
export async function classifyOnServer(
  url: string,
  picture: Buffer,
  classCount: number,
): Promise<number[]> {
  const response = await fetch(`${url}/api/predict?topK=${classCount}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: new Uint8Array(picture),
  });
  if (!response.ok)
    throw new Error(`expected 200, received ${response.status}: ${await response.text()}`);
  const { predictions } = (await response.json()) as {
    predictions: { index: number; score: number }[];
  };
  const scores = new Array<number>(classCount).fill(NaN);
  for (const { index, score } of predictions) scores[index] = score;
  return scores;
}
