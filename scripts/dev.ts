/**
 * npm run dev: runs our server with Next's development server for the pages. The assets are built
 * once, before.
 */
import { buildAssets } from './build-assets';
import { run, toolEnvironment } from './run';
import { sourceCommit } from './source-commit';

await buildAssets();
await run('tsx', ['watch', '--clear-screen=false', 'scripts/dev-server.ts'], {
  env: { ...toolEnvironment, NODE_ENV: 'development', SOURCE_COMMIT: sourceCommit() },
});
