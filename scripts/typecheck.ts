/** npm run typecheck: checks each project with the types of its own runtime only. */
import PROJECTS from './projects.json' with { type: 'json' };
import { run } from './run';

for (const project of PROJECTS) await run('tsc', ['--project', project]);
