/** npm run typecheck: each room with the types that its runtime has, and no others. */
import PROJECTS from './projects.json' with { type: 'json' };
import { run } from './run';

for (const project of PROJECTS) await run('tsc', ['--project', project]);
