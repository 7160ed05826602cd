import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { availableProcessors } from '../../lib/server/inference/processors';

const GIBIBYTE = 1024 ** 3;

export function describeMachine(): string {
  const memory = (totalmem() / GIBIBYTE).toFixed(1);
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${availableProcessors()} processors (${model}), ${memory} GiB, Node.js ${process.version}, ${process.platform}`;
}

/** Commit of the working folder, with a note if there are uncommitted changes. */
export function describeCommit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  try {
    const isClean = git('status', '--porcelain', '--untracked-files=no', ':!bench/results') === '';
    return `${git('rev-parse', '--short=12', 'HEAD')}${isClean ? '' : ' with changes'}`;
  } catch {
    return 'unknown';
  }
}
