import { expect, test } from 'vitest';
import { toOpenMetrics, wantsOpenMetrics } from './open-metrics';

test.each([
  [null, false],
  ['*/*', false],
  ['text/plain', false],
  ['application/openmetrics-text', true],
  [
    'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.1',
    true,
  ],
  ['application/openmetrics-text;q=0.2, text/plain;q=0.9', false],
  ['application/openmetrics-text;q=0', false],
])('%s wants OpenMetrics: %s', (accept, expected) => {
  expect(wantsOpenMetrics(accept)).toBe(expected);
});

test('families of counters lose their suffix, samples keep it, and the end is marked', () => {
  const text = [
    '# HELP a_total Says "a".',
    '# TYPE a_total counter',
    'a_total{x="1"} 2',
    '',
    '# HELP b_total A gauge, whatever its name.',
    '# TYPE b_total gauge',
    'b_total 3',
    '',
  ].join('\n');
  expect(toOpenMetrics(text).split('\n')).toEqual([
    '# HELP a Says \\"a\\".',
    '# TYPE a counter',
    'a_total{x="1"} 2',
    '# HELP b_total A gauge, whatever its name.',
    '# TYPE b_total gauge',
    'b_total 3',
    '# EOF',
    '',
  ]);
});
