/** A part of `npm run attack`. */
import { expect, test } from 'vitest';
import { ATTACKS } from '../../harness/attack/all';
import { runAttack } from '../../harness/attack/attack';

const PART = 0.05;

test.each(ATTACKS.map((attack) => [attack.name, attack] as const))(
  '%s',
  { timeout: 180_000 },
  async (_name, attack) => {
    const { wrong, measured } = await runAttack(attack, PART);
    expect(wrong, measured).toEqual([]);
  },
);
