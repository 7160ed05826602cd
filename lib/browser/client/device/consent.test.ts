import { describe, expect, test } from 'vitest';
import { Consent, LARGE_MODEL_BYTES } from './consent';

describe('consent to a large download', () => {
  test('is needed over 50 MB only', () => {
    const consent = new Consent();
    expect(consent.isNeeded('/a', LARGE_MODEL_BYTES)).toBe(false);
    expect(consent.isNeeded('/a', LARGE_MODEL_BYTES + 1)).toBe(true);
  });

  test('is given once for a model', async () => {
    const consent = new Consent();
    const answer = consent.ask('/a');
    consent.give(true);
    expect(await answer).toBe(true);
    expect(consent.isNeeded('/a', 1e9)).toBe(false);
    expect(consent.isNeeded('/b', 1e9)).toBe(true);
  });

  test('that is refused is asked for again', async () => {
    const consent = new Consent();
    const answer = consent.ask('/a');
    consent.give(false);
    expect(await answer).toBe(false);
    expect(consent.isNeeded('/a', 1e9)).toBe(true);
  });

  test('is withdrawn where another model is asked for meanwhile', async () => {
    const consent = new Consent();
    const first = consent.ask('/a');
    const second = consent.ask('/b');
    consent.give(true);
    expect(await first).toBeUndefined();
    expect(await second).toBe(true);
    expect(consent.isNeeded('/a', 1e9)).toBe(true);
  });
});
