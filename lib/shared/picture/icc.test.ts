import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { RgbImage } from '../vision/image';
import { readFacts, type PictureFacts } from './facts';
import { isTable, readProfile } from './icc';
import { readProfileBytes } from './profile-bytes';
import { convert } from './to-srgb';

const base = () => sharp('public/samples/espresso.png').resize(96, 72).removeAlpha();

test.each(['jpeg', 'png', 'webp', 'avif'] as const)(
  'a profile in %s is applied as LittleCMS applies it',
  async (format) => {
    const picture = await base().withIccProfile('p3')[format]({ quality: 100 }).toBuffer();
    const profile = readProfile(readProfileBytes(picture, readFacts(picture) as PictureFacts)!);
    const { data, info } = await sharp(picture, { ignoreIcc: true })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const stored: RgbImage = { data, width: info.width, height: info.height, channels: 3 };
    const byLittleCms = await sharp(picture).toColourspace('srgb').raw().toBuffer();
    const ours = convert(stored, profile!).data;
    const differences = ours.map((value, i) => Math.abs(value - byLittleCms[i]!));
    expect(Math.max(...differences)).toBeLessThanOrEqual(4);
    expect(differences.reduce((sum, value) => sum + value, 0) / ours.length).toBeLessThan(0.5);
  },
);

test('a printer’s profile, which is a table, is not read', async () => {
  const picture = await base().toColourspace('cmyk').withIccProfile('cmyk').jpeg().toBuffer();
  const bytes = readProfileBytes(picture, { format: 'jpeg' });
  expect(bytes!.length).toBeGreaterThan(100_000);
  expect(readProfile(bytes!)).toBeUndefined();
  expect(isTable(bytes!)).toBe(true);
  const screen = await base().withIccProfile('p3').jpeg().toBuffer();
  expect(isTable(readProfileBytes(screen, { format: 'jpeg' })!)).toBe(false);
  expect(isTable(Buffer.alloc(20))).toBe(false);
});

test('no profile that was cut or changed throws', async () => {
  const picture = await base().withIccProfile('p3').jpeg().toBuffer();
  const profile = Buffer.from(readProfileBytes(picture, { format: 'jpeg' })!);
  for (let length = 0; length < profile.length; length += 7) {
    readProfile(profile.subarray(0, length));
  }
  for (let at = 0; at < profile.length; at++) {
    const copy = Buffer.from(profile);
    copy[at] = 255;
    readProfile(copy);
  }
});
