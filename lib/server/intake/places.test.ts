import { expect, test } from 'vitest';
import { Places } from './places';

const patient = new AbortController().signal;

test('one identity cannot take all places', async () => {
  const places = new Places(8);
  const taken: string[] = [];
  for (let i = 0; i < 8; i++) void places.take('greedy', patient).then(() => taken.push('greedy'));
  await Promise.resolve();
  await places.take('other', patient);
  expect(taken).toHaveLength(6);
  await places.take('third', patient);
  expect(places.underWay).toBe(8);
});

test('a released place goes to the first identity that may have it', async () => {
  const places = new Places(2);
  const giveBack = await places.take('a', patient);
  const next = places.take('a', patient);
  giveBack();
  giveBack();
  await next;
  expect(places.underWay).toBe(1);
});

test('an upload that stops waiting gets no place', async () => {
  const places = new Places(1);
  const giveBack = await places.take('a', patient);
  const leaving = new AbortController();
  const waiting = places.take('b', leaving.signal);
  leaving.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  giveBack();
  expect(places.underWay).toBe(0);
});
