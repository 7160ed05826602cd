/** npm run dev: our server with Next's development server for pages, on the assets it does not build. */
import { buildAssets } from './build-assets';
import { run, toolEnvironment } from './run';
import { sourceCommit } from './source-commit';

await buildAssets();
await run('tsx', ['watch', '--clear-screen=false', 'scripts/dev-server.ts'], {
  env: { ...toolEnvironment, NODE_ENV: 'development', SOURCE_COMMIT: sourceCommit() },
});
