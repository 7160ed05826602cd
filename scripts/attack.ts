/**
 * npm run attack [-- --only WORDS --size 0.1]: attacks a server that it starts itself on loopback,
 * and prints what each attack measured. Fails if an attack did harm.
 */
import { parseArgs } from 'node:util';
import { ATTACKS } from '../harness/attack/all';
import { runAttack } from '../harness/attack/attack';
import { buildIfStale } from './build';
import { run } from './run';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    size: { type: 'string', default: '1' },
  },
});
const size = Number(values.size);
if (!(size > 0 && size <= 1)) {
  throw new Error(`expected --size to be over 0 and at most 1, received ${values.size}`);
}

await buildIfStale();
for (const attack of ATTACKS.filter(({ name }) => name.includes(values.only))) {
  const { name, measured, wrong, seconds } = await runAttack(attack, size);
  console.info(`${wrong.length === 0 ? 'held' : 'HURT'}  ${name} (${seconds.toFixed(1)} s)`);
  console.info(`      ${measured}`);
  for (const what of wrong) console.error(`      ${what}`);
  if (wrong.length > 0) process.exitCode = 1;
}
if (values.only === '') {
  const requests = String(Math.ceil(10_000 * size));
  await run('tsx', ['scripts/fuzz.ts', '--requests', requests]).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
