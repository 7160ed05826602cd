/** npm run dev: Next's development server on the assets that it does not build itself. */
import { buildAssets } from './build-assets';
import { run, toolEnvironment } from './run';

await buildAssets();
await run('next', ['dev', '--port', process.env.PORT ?? '3000'], {
  env: { ...toolEnvironment, NODE_ENV: 'development' },
});
