/**
 * npm run loadtest [-- --anonymous --unique --replicas 1,2,3 --rates 50,100,200 --seconds 60 --quick]: the load
 * tests of the old system on this one.
 */
import type { Check, LoadReport, LoadRun } from '../lib/shared/contract/load-tests';
import { buildIfStale } from '../scripts/build';
import { ensureNginx } from '../scripts/cluster/nginx';
import { ensureRedis } from '../scripts/redis';
import { checkKnee, checkUsers } from './loadtest/checks';
import { describeCommit, describeMachine } from './loadtest/machine';
import { describeReport } from './loadtest/markdown';
import { planOf, type Plan } from './loadtest/plans';
import { FOLDER, QUICK_FOLDER, saveReport } from './loadtest/results';
import { runLoad } from './loadtest/run';

async function runAll(plan: Plan): Promise<LoadRun[]> {
  const runs: LoadRun[] = [];
  for (const one of plan.runs) {
    console.info(`run ${one.name}, ${one.seconds} s`);
    runs.push(await runLoad(one));
  }
  return runs;
}

function reportOf(plan: Plan, args: readonly string[], runs: LoadRun[]): LoadReport {
  return {
    variant: plan.variant,
    title: plan.title,
    command: ['npm run loadtest', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    at: new Date().toISOString(),
    commit: describeCommit(),
    machine: describeMachine(),
    settings: plan.settings,
    assumptions: [...plan.assumptions],
    runs,
    checks: checksOf(plan, runs),
  };
}

function checksOf({ variant }: Plan, runs: LoadRun[]): Check[] {
  if (variant === 'users') return checkUsers(runs.at(-1)!);
  return variant.startsWith('rates') ? checkKnee(runs) : [];
}

const args = process.argv.slice(2);
const plan = planOf(args);
console.info(`${plan.title}\n${plan.assumptions.map((line) => `- ${line}`).join('\n')}\n`);
await buildIfStale();
if (plan.variant.startsWith('replicas')) {
  await ensureRedis();
  await ensureNginx();
}
const report = reportOf(plan, args, await runAll(plan));
const file = await saveReport(plan.isQuick ? QUICK_FOLDER : FOLDER, report);
console.info(`\n${describeReport(report)}\n`);
console.info(`in ${file}.json and ${file}.md`);
if (report.checks.some(({ holds }) => !holds)) process.exitCode = 1;
