import { expect, test } from 'vitest';
import { FORM_TYPE, pictureForm } from './multipart';
import { Deck } from './pictures';
import { seededRandom } from './random';

const PICTURES = ['a', 'b', 'c'].map((text) => Buffer.from(text));

function countDistinct(repeats: number): number {
  const deck = new Deck(PICTURES, seededRandom(5), repeats);
  return new Set(Array.from({ length: 1000 }, () => deck.next().toString('hex'))).size;
}

test('half of the pictures are repeats', () => {
  expect(countDistinct(0.5)).toBeGreaterThan(450);
  expect(countDistinct(0.5)).toBeLessThan(550);
});

test('without repeats no picture comes twice, with nothing else only the few there are', () => {
  expect(countDistinct(0)).toBe(1000);
  expect(countDistinct(1)).toBe(PICTURES.length);
});

test('a form is read as it was made', async () => {
  const body = new Uint8Array(pictureForm('images', PICTURES));
  const form = await new Response(body, { headers: { 'content-type': FORM_TYPE } }).formData();
  const files = form.getAll('images') as File[];
  expect(files.map(({ name, type }) => [name, type])).toEqual([
    ['1.jpg', 'image/jpeg'],
    ['2.jpg', 'image/jpeg'],
    ['3.jpg', 'image/jpeg'],
  ]);
  expect(await Promise.all(files.map((file) => file.text()))).toEqual(['a', 'b', 'c']);
});
