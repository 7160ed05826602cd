import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { Download, Locator, Page } from 'playwright/test';
import { expect } from './expect';

export interface UploadedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const SAMPLES = ['cat.png', 'espresso.png', 'rocket.jpg'];

/** Every tenth file is text, every twenty-fifth is truncated. */
export function isBad(index: number): boolean {
  return index % 10 === 5 || index % 25 === 7;
}

/** Makes files from the samples, each cropped differently; some are bad. */
export async function makeFiles(count: number): Promise<UploadedFile[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => makeFile(index)));
}

async function makeFile(index: number): Promise<UploadedFile> {
  const number = String(index + 1).padStart(4, '0');
  if (index % 10 === 5) {
    const buffer = Buffer.from(`Note ${number}: no picture.`);
    return { name: `note-${number}.txt`, mimeType: 'text/plain', buffer };
  }
  const sample = sharp(`public/samples/${SAMPLES[index % SAMPLES.length]}`);
  const { width, height } = await sample.metadata();
  const left = index % 32;
  const top = Math.floor(index / 32);
  const jpeg = await sample
    .extract({ left, top, width: width - 40, height: height - 40 })
    .resize(240)
    .jpeg()
    .toBuffer();
  const isCut = index % 25 === 7;
  return {
    name: `picture-${number}.jpg`,
    mimeType: 'image/jpeg',
    buffer: isCut ? jpeg.subarray(0, 300) : jpeg,
  };
}

/** Page object for `/many`, in the user's terms. */
export class ManyPage {
  readonly progress: Locator;
  readonly rows: Locator;

  constructor(readonly page: Page) {
    this.progress = page.getByRole('region', { name: 'Progress' });
    this.rows = page.getByRole('list', { name: 'Pictures' }).getByRole('listitem');
  }

  async open(url: string): Promise<void> {
    await this.page.goto(`${url}/many`);
    await expect(this.page.getByText('Drop a folder')).toBeVisible();
    // The page's scripts set this attribute. Before they run, dropped files are ignored.
    await expect(this.page.getByLabel('Picture folder')).toHaveAttribute('webkitdirectory');
  }

  async choose(files: readonly UploadedFile[]): Promise<void> {
    await this.page.getByLabel('Picture files').setInputFiles([...files]);
  }

  /** Waits until a reload would find this many rows. */
  async expectKept(rows: number): Promise<void> {
    const noted = () => this.page.evaluate(() => sessionStorage.getItem('sightline.many') ?? '');
    await expect.poll(async () => (await noted()).match(/\["/g)?.length).toBe(rows);
  }

  async expectDone(sentence: string): Promise<void> {
    await expect(this.progress.getByText(sentence, { exact: true })).toBeVisible();
  }

  async export(format: 'CSV' | 'JSON'): Promise<string> {
    const [download] = await Promise.all<Download | void>([
      this.page.waitForEvent('download'),
      this.page.getByRole('button', { name: `Download all results as ${format}` }).click(),
    ]);
    return readFile(await (download as Download).path(), 'utf8');
  }
}
