import { spawnSync } from 'node:child_process';
import { canInstallPackages, installPackage } from './packages';

/** A redis-server on this machine; Debian's package where there is none. */
export async function ensureRedis(): Promise<void> {
  const isThere = () => spawnSync('redis-server', ['--version']).status === 0;
  if (isThere()) return;
  if (canInstallPackages()) await installPackage('redis-server');
  if (!isThere()) {
    throw new Error('expected redis-server on the PATH; install it with your package manager');
  }
}
