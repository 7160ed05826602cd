import { readFile } from 'node:fs/promises';
import type { JSHandle, Locator, Page } from 'playwright/test';
import { expect, EXPECT_TIMEOUT_MS } from './expect';

type Choice = 'Automatic' | 'This device' | 'Server';

/** Page object for `/`, in the user's terms. */
export class ClassifyPage {
  readonly dropZone: Locator;
  readonly ranking: Locator;
  readonly answer: Locator;
  readonly announcement: Locator;
  readonly failure: Locator;

  constructor(readonly page: Page) {
    this.dropZone = page.getByRole('button', { name: 'Drop a picture' });
    this.answer = page.getByRole('region', { name: 'Answer', exact: true });
    this.ranking = this.answer.getByRole('listitem');
    this.announcement = this.answer.getByRole('status').first();
    this.failure = this.answer.getByRole('alert');
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await expect(this.dropZone).toBeVisible();
  }

  async choose(choice: Choice): Promise<void> {
    const group = this.page.getByRole('radiogroup', { name: 'Where pictures are classified' });
    await group.getByRole('radio', { name: choice, exact: true }).click();
  }

  async choosePicture(
    file: string | { name: string; mimeType: string; buffer: Buffer },
  ): Promise<void> {
    await this.page.getByLabel('Picture file').setInputFiles(file);
  }

  async pickSample(name: 'cat' | 'espresso' | 'rocket' | 'teapot'): Promise<void> {
    await this.page.getByRole('button', { name: `Classify the sample ${name}` }).click();
  }

  /** Drops files on the picture frame, as a browser does. */
  async drop(...files: string[]): Promise<void> {
    const transfer = await this.transferOf(files);
    await this.dropOn(this.page.getByRole('main'), transfer);
  }

  private async dropOn(frame: Locator, transfer: JSHandle<DataTransfer>): Promise<void> {
    await frame.dispatchEvent('dragenter', { dataTransfer: transfer });
    await frame.dispatchEvent('drop', { dataTransfer: transfer });
  }

  /** Drops data that another page would drag: a URL or HTML, without a file. */
  async dropText(type: string, text: string): Promise<void> {
    const transfer = await this.page.evaluateHandle(
      ([kind, content]) => {
        const made = new DataTransfer();
        made.setData(kind!, content!);
        return made;
      },
      [type, text],
    );
    await this.dropOn(this.page.getByRole('main'), transfer);
  }

  async paste(file: string): Promise<void> {
    const transfer = await this.transferOf([file]);
    await transfer.evaluate((clipboardData) => {
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    });
  }

  /** Pastes text repeatedly until the page handles it: before its scripts run, nothing listens. */
  async pasteText(text: string): Promise<void> {
    const paste = () =>
      this.page.evaluate((pasted) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', pasted);
        const init = { clipboardData, bubbles: true, cancelable: true };
        const event = new ClipboardEvent('paste', init);
        document.dispatchEvent(event);
        return event.defaultPrevented;
      }, text);
    await expect.poll(paste).toBe(true);
  }

  async expectAnswer(
    place: 'On the server' | 'On this device',
    firstLabel: string | RegExp,
    timeoutMs = EXPECT_TIMEOUT_MS,
  ): Promise<void> {
    const options = { timeout: timeoutMs };
    await expect(this.answer.getByText(place, { exact: true })).toBeVisible(options);
    await expect(this.ranking.first()).toContainText(firstLabel, options);
  }

  /** History key with which a reload finds the answer again; 0 if there is none. */
  keptKey(): Promise<number> {
    return this.page.evaluate(() => Number(sessionStorage.getItem('sightline.shown')));
  }

  /** Waits until a reload would find a newer answer than the one with the given key. */
  async expectKept(olderKey = 0): Promise<void> {
    await expect.poll(() => this.keptKey()).toBeGreaterThan(olderKey);
  }

  async expectModelOnDevice(): Promise<void> {
    await expect(this.answer.getByText(/^The model is on this device/)).toBeVisible();
  }

  /** Opens the details of the answer's timings. */
  async showTimes(): Promise<void> {
    await this.answer.getByText('What took how long').first().click();
  }

  /** Opens the details of the device, with the choice of its backend. */
  async showDevice(): Promise<void> {
    await this.answer.locator('summary').last().click();
  }

  private async transferOf(files: string[]) {
    const contents = await Promise.all(
      files.map(async (file) => ({
        name: file.split('/').pop()!,
        base64: (await readFile(file)).toString('base64'),
      })),
    );
    return this.page.evaluateHandle((list) => {
      const transfer = new DataTransfer();
      for (const { name, base64 } of list) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        transfer.items.add(new File([bytes], name));
      }
      return transfer;
    }, contents);
  }
}
