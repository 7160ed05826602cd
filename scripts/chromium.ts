import { existsSync } from 'node:fs';
import { chromium } from 'playwright';
import { canInstallPackages, installPackage } from './packages';
import { run } from './run';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Path of an installed Chromium; undefined if there is none. */
export function findChromium(): string | undefined {
  const candidates = [process.env.CHROMIUM_PATH, ...INSTALLED, chromium.executablePath()];
  return candidates.find((file) => file !== undefined && existsSync(file));
}

/** Path of an installed Chromium; else installs Debian's package, else Playwright's download. */
export async function ensureChromium(): Promise<string> {
  const found = findChromium();
  if (found) return found;
  if (canInstallPackages()) {
    await installPackage('chromium');
  } else {
    await run('playwright', ['install', 'chromium']);
  }
  const installed = findChromium();
  if (!installed) throw new Error('No Chromium was found or could be installed.');
  return installed;
}
