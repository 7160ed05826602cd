import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from './run';

/** Whether this is a Debian on which we may install packages. */
export function canInstallPackages(): boolean {
  return existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
}

export async function installPackage(...names: string[]): Promise<void> {
  await run('apt-get', ['update', '-qq']);
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

/**
 * Unpacks a package's files into a folder without installing it, because some packages start a
 * server.
 */
export async function unpackPackage(name: string, folder: string): Promise<void> {
  const downloads = await mkdtemp(path.join(tmpdir(), 'sightline-package-'));
  try {
    await run('apt-get', ['update', '-qq']);
    await run('apt-get', ['download', '-qq', '-o', 'APT::Sandbox::User=root', name], {
      cwd: downloads,
    });
    const [file] = await readdir(downloads);
    if (file === undefined) throw new Error(`expected apt-get to download ${name}`);
    await run('dpkg', ['--extract', path.join(downloads, file), folder]);
  } finally {
    await rm(downloads, { recursive: true });
  }
}
