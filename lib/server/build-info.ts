import { version } from '../../package.json';

/** What runs here, so that a rollout can be told apart; the build puts its commit in. */
export const build = { version, commit: process.env.SOURCE_COMMIT ?? 'unknown' } as const;
