import { chromium } from 'playwright';
import { findChromium } from '../../scripts/chromium';
import { STEP_TIMEOUT_MS, type Engine } from './engine';

/** Chromium as the whole suite uses it. */
export async function startChromium(): Promise<Engine> {
  const executablePath = findChromium();
  const browser = await chromium.launch({
    args: ['--no-sandbox'],
    ...(executablePath ? { executablePath } : {}),
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(STEP_TIMEOUT_MS);
  return {
    name: 'Chromium',
    goto: async (url) => void (await page.goto(url)),
    evaluate: (expression) => page.evaluate(expression),
    close: () => browser.close(),
  };
}
