import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { canInstallPackages, unpackPackage } from './packages';

const FOLDER = path.resolve(import.meta.dirname, '../.build/kubernetes');
const CANDIDATES = ['kubectl', path.join(FOLDER, 'usr/bin/kubectl')];

function findKubectl(): string | undefined {
  const options = ['version', '--client'];
  return CANDIDATES.find((command) => spawnSync(command, options).status === 0);
}

/** Path of an installed kubectl, else of one unpacked from Debian's package. */
export async function ensureKubectl(): Promise<string> {
  const found = findKubectl();
  if (found !== undefined) return found;
  if (canInstallPackages()) await unpackPackage('kubernetes-client', FOLDER);
  const unpacked = findKubectl();
  if (unpacked !== undefined) return unpacked;
  throw new Error('expected kubectl on the PATH; install kubernetes-client');
}
