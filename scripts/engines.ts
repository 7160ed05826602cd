/** Finds and installs the other browsers that the tests use: Debian's Firefox and WebKitGTK. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { canInstallPackages, installPackage } from './packages';

const FIREFOXES = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
];

export function findFirefox(): string | undefined {
  return [process.env.FIREFOX_PATH, ...FIREFOXES].find(
    (file) => file !== undefined && existsSync(file),
  );
}

/** Path of WebKitGTK's MiniBrowser, whose folder name contains the version. */
export function findMiniBrowser(): string | undefined {
  return ['/usr/lib', '/usr/libexec', ...subfolders('/usr/lib')]
    .flatMap((folder) => subfolders(folder).filter((name) => name.includes('webkit2gtk')))
    .map((folder) => path.join(folder, 'MiniBrowser'))
    .find((file) => existsSync(file));
}

function subfolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => path.join(folder, name));
}

function isThere(command: string, argument: string): boolean {
  return spawnSync(command, [argument], { stdio: 'ignore' }).error === undefined;
}

const PACKAGES: readonly [name: string, isThere: () => boolean][] = [
  ['firefox-esr', () => findFirefox() !== undefined],
  [
    'webkit2gtk-driver',
    () => findMiniBrowser() !== undefined && isThere('WebKitWebDriver', '--version'),
  ],
  ['xvfb', () => isThere('Xvfb', '-help')],
];

/** Installs Debian's packages of the missing browsers. */
export async function ensureEngines(): Promise<void> {
  const missing = () => PACKAGES.filter(([, isThere]) => !isThere()).map(([name]) => name);
  if (missing().length > 0 && canInstallPackages()) await installPackage(...missing());
  if (missing().length > 0) {
    throw new Error(`expected what these packages of Debian have: ${missing().join(', ')}`);
  }
}
