import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { limitOf, lineOf } from './limits';

/** The threshold of an alert, and how long it must be exceeded. */
async function ruleOf(alert: string): Promise<[above: number, forTime: string]> {
  const rules = await readFile('deploy/prometheus/alerts.rules.yml', 'utf8');
  const [, rule = ''] = rules.split(`alert: ${alert}\n`);
  const [, above] = /> ([\d.]+)\n/.exec(rule) ?? [];
  const [, forTime = ''] = /for: (\w+)/.exec(rule) ?? [];
  return [Number(above), forTime];
}

test('limits are those of the alert rules', async () => {
  expect(await ruleOf('SightlineHighLatency')).toEqual([1, '10m']);
  expect(limitOf('latency')).toEqual({
    value: 1000,
    words: 'when 5 % of predictions take over 1 s for 10 minutes',
  });
  expect(await ruleOf('SightlineErrors')).toEqual([0.01, '5m']);
  expect(await ruleOf('SightlineShedding')).toEqual([0.05, '10m']);
  expect(limitOf('status')!.words).toBe(
    'when over 1 % fail for 5 minutes, or over 5 % are shed for 10 minutes',
  );
  expect(limitOf('cache')).toBeUndefined();
});

test('the drift rule has the bound that is shown', async () => {
  const rules = await readFile('deploy/prometheus/alerts.rules.yml', 'utf8');
  expect(rules).toMatch(/sightline_drift_psi\) > 0\.25[^]*?for: 1h/);
  expect(limitOf('drift')!.words).toBe('when the stability index (PSI) is over 0.25 for an hour');
});

test('a limit far above what is drawn does not flatten it', () => {
  expect([lineOf('latency', 300), lineOf('latency', 1000)]).toEqual([undefined, 1000]);
  expect(lineOf('status', 5000)).toBeUndefined();
});
