import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { canInstallPackages, unpackPackage } from './packages';

const FOLDER = path.resolve(import.meta.dirname, '../.build/prometheus');
const CANDIDATES = ['promtool', path.join(FOLDER, 'usr/bin/promtool')];

/** A promtool that is on this machine already, or undefined. */
export function findPromtool(): string | undefined {
  return CANDIDATES.find((command) => spawnSync(command, ['--version']).status === 0);
}

/** One that is there, else the one of Debian's package, whose server is not wanted. */
export async function ensurePromtool(): Promise<string> {
  const found = findPromtool();
  if (found !== undefined) return found;
  if (canInstallPackages()) await unpackPackage('prometheus', FOLDER);
  const unpacked = findPromtool();
  if (unpacked !== undefined) return unpacked;
  throw new Error('expected promtool on the PATH; install prometheus with your package manager');
}
