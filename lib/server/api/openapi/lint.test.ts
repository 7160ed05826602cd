import { createConfig, lintFromString } from '@redocly/openapi-core';
import spectral, { type RulesetDefinition } from '@stoplight/spectral-core';
import rulesets from '@stoplight/spectral-rulesets';
import { expect, test } from 'vitest';
import { ROUTES } from '../routes';
import { openApiDocument } from './document';

const document = openApiDocument(ROUTES);

test('Redocly’s recommended rules find no error in the description', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const source = JSON.stringify(document);
  const problems = await lintFromString({ source, absoluteRef: '/openapi.json', config });
  const errors = problems.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
  // Probes and lists that have nothing to refuse.
  const rules = new Set(problems.map(({ ruleId }) => ruleId));
  expect([...rules]).toEqual(['operation-4xx-response']);
});

test('Spectral’s recommended rules find nothing but that nobody is named to ask', async () => {
  const linter = new spectral.Spectral();
  linter.setRuleset({ extends: [[rulesets.oas as RulesetDefinition, 'recommended']], rules: {} });
  const found = await linter.run(JSON.stringify(document));
  expect(found.map(({ code, path }) => `${code}: ${path.join('.')}`)).toEqual([
    // Whoever runs the server is not known here.
    'info-contact: info',
  ]);
});

interface Schema {
  readonly type?: string;
  readonly items?: unknown;
  readonly [key: string]: unknown;
}

/** Every schema with this type, wherever it stands. */
function schemasOf(value: unknown, type: string): Schema[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap((inner) => schemasOf(inner, type));
  return (value as Schema).type === type ? [value as Schema, ...inside] : inside;
}

test('every array has items, which some tools need', () => {
  const bare = schemasOf(document, 'array').filter(({ items }) => typeof items !== 'object');
  expect(bare).toEqual([]);
});

test('an example has the type of its parameter', () => {
  const { paths } = document as {
    paths: Record<
      string,
      Record<string, { parameters: { schema: { type: string }; example: unknown }[] }>
    >;
  };
  const all = Object.values(paths)
    .flatMap((path) => Object.values(path))
    .flatMap(({ parameters }) => parameters);
  const wrong = all.filter(
    ({ schema, example }) => (schema.type === 'integer') !== (typeof example === 'number'),
  );
  expect(wrong).toEqual([]);
});
