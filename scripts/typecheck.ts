/** npm run typecheck: each room with the types that its runtime has, and no others. */
import { run } from './run';

const PROJECTS = [
  'lib/shared/tsconfig.json',
  'lib/worker/tsconfig.json',
  'lib/server/tsconfig.json',
  'tsconfig.json',
  'tsconfig.tools.json',
];

for (const project of PROJECTS) await run('tsc', ['--project', project]);
