import { spawnSync } from 'node:child_process';

/**
 * The commit that is being built. SOURCE_COMMIT gives it where there is no repository, as in a
 * container's build.
 */
export function sourceCommit(): string {
  if (process.env.SOURCE_COMMIT) return process.env.SOURCE_COMMIT;
  const { status, stdout } = spawnSync('git', ['rev-parse', '--short=12', 'HEAD'], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : 'unknown';
}
