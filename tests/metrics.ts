/** What a server measures, as Prometheus reads it, and some of everything to be measured. */
import { randomUUID } from 'node:crypto';
import { postPicture, smallPicture } from '../harness/client';

const MODEL = 'tiny-imagenet-200';
const VERSION = '71b9a56b3a2d';

/** One metric with all its series. */
export interface MetricFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  /** Names of its series: more than one for histograms. */
  readonly samples: readonly string[];
  readonly labelNames: readonly string[];
  /** Each `label=value` that occurs. */
  readonly labels: readonly string[];
}

export async function metricsText(url: string): Promise<string> {
  const response = await fetch(`${url}/api/metrics`);
  if (!response.ok) throw new Error(`metrics answered ${response.status}`);
  return response.text();
}

/** The value of one series, named as it is written; 0 where there is none. */
export function metricValue(text: string, series: string): number {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return Number(line?.slice(series.length) ?? 0);
}

export function parseMetrics(text: string): MetricFamily[] {
  return text
    .split(/^# HELP /m)
    .slice(1)
    .map((block) => parseFamily(block.split('\n')));
}

function parseFamily([head, typeLine, ...lines]: string[]): MetricFamily {
  const [name, help] = split(head!, ' ');
  const samples = lines.filter((line) => line !== '');
  const pairs = samples.flatMap((line) => [...line.matchAll(/(\w+)="([^"]*)"/g)]);
  const labels = pairs.filter(([, label]) => label !== 'le');
  return {
    name,
    help,
    type: typeLine!.split(' ').at(-1)!,
    samples: unique(samples.map((line) => /^[\w:]+/.exec(line)![0])),
    labelNames: unique(labels.map(([, label]) => label!)),
    labels: unique(labels.map(([, label, value]) => `${label}=${value}`)),
  };
}

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + 1)];
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

export function postJson(address: string, body: unknown): Promise<Response> {
  return fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

export function report(details: object = {}): object {
  return {
    id: randomUUID(),
    model: MODEL,
    version: VERSION,
    label: 'espresso',
    index: 193,
    score: 0.9,
    latencyMs: 31,
    backend: 'wasm',
    at: new Date().toISOString(),
    reason: 'offline',
    ...details,
  };
}

/** One request for each route that is counted apart in rules and docs. */
export async function askForEverything(url: string): Promise<void> {
  const picture = await smallPicture();
  const batch = new FormData();
  batch.append('images', new Blob([new Uint8Array(picture)]), 'one.jpg');
  const tensor = {
    name: 'image',
    shape: [1],
    datatype: 'BYTES',
    data: [picture.toString('base64')],
  };
  const feedback = { id: randomUUID(), model: MODEL, label: 'espresso', correct: true };
  const answers = [
    await postPicture(url, picture),
    await fetch(`${url}/api/predict/batch`, { method: 'POST', body: batch }),
    await fetch(`${url}/hf/models/${MODEL}`, { method: 'POST', body: new Uint8Array(picture) }),
    await postJson(`${url}/v2/models/${MODEL}/infer`, { inputs: [tensor] }),
    await postJson(`${url}/api/predictions/report`, { reports: [report()] }),
    await postJson(`${url}/api/feedback`, feedback),
  ];
  const failed = answers.filter(({ ok }) => !ok);
  if (failed.length > 0) throw new Error(failed.map((one) => `${one.url}: ${one.status}`).join());
}
