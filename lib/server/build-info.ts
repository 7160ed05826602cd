import { version } from '../../package.json';

/**
 * Version and commit of this build, to distinguish versions during a rollout; the build inserts the
 * commit.
 */
export const build = { version, commit: process.env.SOURCE_COMMIT ?? 'unknown' } as const;
