/** Draws the icons of the installed app from a single drawing. */
import { mkdir, readFile } from 'node:fs/promises';
import sharp from 'sharp';

const BACKGROUND = '#fdfdfc';

export async function buildIcons(): Promise<void> {
  const drawing = await readFile('app/icon.svg');
  await mkdir('public/icons', { recursive: true });
  await Promise.all([
    draw(drawing, 192, 0.8, 'icon-192'),
    draw(drawing, 512, 0.8, 'icon-512'),
    draw(drawing, 180, 0.8, 'apple-touch-icon'),
    // Maskable icons may be cut to a circle of four fifths of the width.
    draw(drawing, 512, 0.55, 'icon-maskable-512'),
  ]);
}

/** @param share share of the icon's width that the drawing takes, 0 to 1 */
async function draw(drawing: Buffer, size: number, share: number, name: string): Promise<void> {
  const width = Math.round(size * share);
  const mark = await sharp(drawing, { density: 1600 }).resize(width).png().toBuffer();
  await sharp({ create: { width: size, height: size, channels: 4, background: BACKGROUND } })
    .composite([{ input: mark }])
    .png({ palette: true })
    .toFile(`public/icons/${name}.png`);
}
