import { describe, expect, test } from 'vitest';
import { parseLabels, shownNames } from './labels';

describe('the names by which classes are shown', () => {
  test.each<[string, string[], string[]]>([
    ['the first of several', ['tench, Tinca tinca', 'goldfish'], ['tench', 'goldfish']],
    [
      'the whole where two would be alike',
      ['Pepper,_bell___Bacterial_spot', 'Pepper,_bell___healthy', 'Tomato, red'],
      ['Pepper,_bell___Bacterial_spot', 'Pepper,_bell___healthy', 'Tomato'],
    ],
    ['the whole of both with one first name', ['crane', 'crane, x'], ['crane', 'crane, x']],
    ['with the index where labels are equal', ['crane', 'crane'], ['crane (0)', 'crane (1)']],
    ['the whole where there is no first name', [',a', 'b'], [',a', 'b']],
  ])('%s', (_, labels, names) => {
    expect(shownNames(labels)).toEqual(names);
  });

  test('no two are alike, whatever the labels', () => {
    const labels = ['a', 'a', 'a (0)', 'a, b', 'a, b', 'b'];
    expect(new Set(shownNames(labels)).size).toBe(labels.length);
  });
});

test("timm's label_names name the classes, by their descriptions", () => {
  const config = {
    label_names: ['n1', 'n2'],
    label_descriptions: { n1: 'tench, Tinca tinca' },
  };
  expect(parseLabels(config)).toEqual(['tench, Tinca tinca', 'n2']);
  expect(parseLabels({ pretrained_cfg: { label_names: ['x', 'y'] } })).toEqual(['x', 'y']);
});
