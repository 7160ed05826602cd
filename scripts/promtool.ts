import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { canInstallPackages, unpackPackage } from './packages';

const FOLDER = path.resolve(import.meta.dirname, '../.build/prometheus');
const CANDIDATES = ['promtool', path.join(FOLDER, 'usr/bin/promtool')];

/** Path of an installed promtool; undefined if there is none. */
export function findPromtool(): string | undefined {
  return CANDIDATES.find((command) => spawnSync(command, ['--version']).status === 0);
}

/** Path of an installed promtool, else of one unpacked from Debian's package without its server. */
export async function ensurePromtool(): Promise<string> {
  const found = findPromtool();
  if (found !== undefined) return found;
  if (canInstallPackages()) await unpackPackage('prometheus', FOLDER);
  const unpacked = findPromtool();
  if (unpacked !== undefined) return unpacked;
  throw new Error('expected promtool on the PATH; install prometheus with your package manager');
}
