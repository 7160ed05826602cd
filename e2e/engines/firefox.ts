import { launch } from 'puppeteer-core';
import { findFirefox } from '../../scripts/engines';
import { STEP_TIMEOUT_MS, type Engine } from './engine';

export interface FirefoxOptions {
  /** What `navigator.hardwareConcurrency` says. */
  readonly processors?: number;
  /** Whether it alters what identifies a visitor: canvases, clocks, processors. */
  readonly resistsFingerprinting?: boolean;
}

/**
 * Firefox's own setting for this can only lower what the machine has. Runs in the page, so it is
 * text: tsx puts a helper into functions that the page has not.
 */
const claimProcessors = (processors: number) =>
  `Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => ${processors} })`;

/** Firefox by WebDriver BiDi, with a profile of its own. */
export async function startFirefox({
  processors,
  resistsFingerprinting = false,
}: FirefoxOptions = {}): Promise<Engine> {
  const executablePath = findFirefox();
  if (executablePath === undefined) throw new Error('expected Firefox on this machine');
  const browser = await launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    protocolTimeout: 2 * STEP_TIMEOUT_MS,
    extraPrefsFirefox: {
      'privacy.resistFingerprinting': resistsFingerprinting,
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
    },
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(STEP_TIMEOUT_MS);
  if (processors !== undefined) await page.evaluateOnNewDocument(claimProcessors(processors));
  return {
    name: resistsFingerprinting ? 'Firefox, fingerprints resisted' : 'Firefox',
    goto: async (url) => void (await page.goto(url, { waitUntil: 'load' })),
    evaluate: (expression) => page.evaluate(expression),
    close: () => browser.close(),
  };
}
