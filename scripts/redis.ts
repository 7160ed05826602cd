import { spawnSync } from 'node:child_process';
import { canInstallPackages, installPackage } from './packages';

/** Checks that redis-server is installed; if not, installs Debian's package. */
export async function ensureRedis(): Promise<void> {
  const isThere = () => spawnSync('redis-server', ['--version']).status === 0;
  if (isThere()) return;
  if (canInstallPackages()) await installPackage('redis-server');
  if (!isThere()) {
    throw new Error('expected redis-server on the PATH; install it with your package manager');
  }
}
