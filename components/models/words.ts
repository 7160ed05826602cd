/** Texts about a model. Pure functions, so that every sentence has a test. */
import type { ModelSummary } from '@/lib/shared/contract/models';

export function totalBytes({ files }: ModelSummary): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** What a score of the model means. */
export function headSentence({ head, labels }: Pick<ModelSummary, 'head' | 'labels'>): string {
  const { kind = 'single-label', positive = 1, threshold = 0.5 } = head ?? {};
  if (kind === 'binary') {
    const [one, other] = [labels[positive], labels[1 - positive]];
    return `One output: the score of “${one}”; “${other}” has the rest`;
  }
  return kind === 'multi-label'
    ? `Each label by itself; selected from ${Math.round(threshold * 100)} % on`
    : 'One of its classes; scores sum to 100 %';
}

/** How a picture is preprocessed for the model. */
export function preparation({ preprocessing }: ModelSummary): string {
  const { resize, crop, rescaleFactor, normalization } = preprocessing;
  const { isGrey = false, isBgr = false } = preprocessing;
  const steps: string[] = [];
  if (isGrey) steps.push('made grey');
  if (resize?.kind === 'exact') {
    steps.push(`resized to ${resize.width} × ${resize.height} (${resize.filter})`);
  } else if (resize) {
    steps.push(`shorter side resized to ${resize.edge} (${resize.filter})`);
  }
  if (crop) steps.push(`cropped to the middle ${crop.width} × ${crop.height}`);
  if (rescaleFactor !== 1) steps.push(`each byte ${scale(rescaleFactor)}`);
  if (normalization) {
    const [mean, std] = [normalization.mean.join(', '), normalization.std.join(', ')];
    steps.push(`less the mean (${mean}), over the deviation (${std})`);
  }
  if (isBgr) steps.push('blue first');
  const text = steps.join('; ') || 'taken as it is';
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function scale(factor: number): string {
  const divisor = 1 / factor;
  return Math.abs(divisor - Math.round(divisor)) < 1e-6
    ? `divided by ${Math.round(divisor)}`
    : `times ${factor}`;
}

/** @param origin origin of this server, such as `https://example.org` */
export function loadAddress(origin: string, { id }: ModelSummary): string {
  return `${origin}/hf/${encodeURIComponent(id)}/resolve/main/`;
}

/** A program for transformers.js that loads the model from here. */
export function loadSnippet(origin: string, { id, revision }: ModelSummary): string {
  return `import { env, pipeline } from '@huggingface/transformers';

env.allowLocalModels = false;
env.remoteHost = '${origin}/hf/';
env.remotePathTemplate = '{model}/resolve/{revision}/';

const classify = await pipeline('image-classification', ${JSON.stringify(id)}, {
  dtype: 'fp32',
  revision: '${revision}',
});
console.log(await classify('picture.jpg'));`;
}

/** A model card without its front matter. */
export function cardBody(markdown: string): string {
  return markdown.replace(/^---\r?\n[\s\S]*?\r?\n---\r?\n/, '').trim();
}

/** The first paragraph of a model card, as plain text; empty if there is none. */
export function cardLead(markdown: string): string {
  const paragraph = cardBody(markdown)
    .split(/\r?\n\s*\r?\n/)
    .map((block) => block.replace(/^(#.*\r?\n)+/, '').trim())
    .find((block) => /^[\p{L}\d*_[]/u.test(block) && !/^[*_-]\s/.test(block));
  return (paragraph ?? '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*{1,3}|`|(?<!\w)_{1,2})(\S.*?)\1/g, '$2')
    .replace(/\s+/g, ' ');
}

export interface CardFacts {
  readonly license?: string;
  readonly datasets?: string;
}

/** The front matter of a model card: values of one line, and plain lists. */
export function cardFacts(markdown: string): CardFacts {
  const [, head] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/.exec(markdown) ?? [];
  if (head === undefined) return {};
  const license = /^license:[ \t]*(\S.*)$/m.exec(head)?.[1]?.trim();
  const line = /^datasets:[ \t]*(.*(?:\r?\n[ \t]*- .*)*)$/m.exec(head)?.[1] ?? '';
  const datasets = line
    .split(/[\n,[\]]/)
    .map((name) => name.replace(/^\s*-\s*/, '').trim())
    .filter(Boolean)
    .join(', ');
  return { ...(license ? { license } : {}), ...(datasets ? { datasets } : {}) };
}
