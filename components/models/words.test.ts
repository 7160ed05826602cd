import { describe, expect, test } from 'vitest';
import type { ModelSummary } from '@/lib/shared/contract/models';
import {
  cardBody,
  cardFacts,
  cardLead,
  loadAddress,
  loadSnippet,
  headSentence,
  preparation,
} from './words';

const model: ModelSummary = {
  id: 'some model',
  version: '71b9a56b3a2d',
  default: true,
  revision: 'a'.repeat(40),
  labels: ['cat'],
  preprocessing: {
    resize: { kind: 'shortest-edge', edge: 256, filter: 'bicubic' },
    crop: { width: 224, height: 224 },
    rescaleFactor: 1 / 255,
    normalization: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
  },
  files: [],
};

describe('what happens to a picture', () => {
  test('in the order in which it happens', () => {
    expect(preparation(model)).toBe(
      'Shorter side resized to 256 (bicubic); cropped to the middle 224 × 224; ' +
        'each byte divided by 255; less the mean (0.5, 0.5, 0.5), over the deviation (0.25, 0.25, 0.25)',
    );
  });

  test('may be nothing', () => {
    const preprocessing = { resize: null, crop: null, rescaleFactor: 1, normalization: null };
    expect(preparation({ ...model, preprocessing })).toBe('Taken as it is');
    expect(preparation({ ...model, preprocessing: { ...preprocessing, rescaleFactor: 0.3 } })).toBe(
      'Each byte times 0.3',
    );
  });
});

test('a model is loaded from this server, whatever its name', () => {
  expect(loadAddress('https://example.org', model)).toBe(
    'https://example.org/hf/some%20model/resolve/main/',
  );
  const snippet = loadSnippet('https://example.org', model);
  expect(snippet).toContain("env.remoteHost = 'https://example.org/hf/';");
  expect(snippet).toContain(`pipeline('image-classification', "some model", {`);
  expect(snippet).toContain(`revision: '${'a'.repeat(40)}'`);
});

describe('a model card', () => {
  const card = [
    '---',
    'license: apache-2.0',
    'datasets:',
    '- one',
    '- two',
    '---',
    '# A model',
    '',
    'It **sorts** [pictures](https://example.org) by `pixel_values`',
    'and class_activations.',
    '',
    '| a | b |',
  ].join('\n');

  test('begins after its settings', () => {
    expect(cardBody(card)).toMatch(/^# A model/);
    expect(cardBody('no settings')).toBe('no settings');
  });

  test('has a first paragraph, told without marks', () => {
    expect(cardLead(card)).toBe('It sorts pictures by pixel_values and class_activations.');
    expect(cardLead('# Only a title')).toBe('');
  });

  test('has a licence and data sets where its settings name them', () => {
    expect(cardFacts(card)).toEqual({ license: 'apache-2.0', datasets: 'one, two' });
    expect(cardFacts('---\ndatasets: [one]\n---\n')).toEqual({ datasets: 'one' });
    expect(cardFacts('# A model')).toEqual({});
  });
});

test.each([
  [undefined, 'One of its classes; scores sum to 100 %'],
  [{ kind: 'multi-label', threshold: 0.4 }, 'Each label by itself; selected from 40 % on'],
  [{ kind: 'binary', positive: 0 }, 'One output: the score of “real”; “fake” has the rest'],
] as const)('says what a score means: %j', (head, sentence) => {
  expect(headSentence({ head, labels: ['real', 'fake'] })).toBe(sentence);
});
