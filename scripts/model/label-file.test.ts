import { describe, expect, test } from 'vitest';
import { parseLabelFile } from './label-file';

describe('label files of the wild', () => {
  test.each<[string, string, string, string[]]>([
    [
      'one a line',
      'labels.txt',
      'tench, Tinca tinca\ngoldfish\n',
      ['tench, Tinca tinca', 'goldfish'],
    ],
    ['Teachable Machine', 'labels.txt', '0 Class 1\n1 Class 2\n', ['Class 1', 'Class 2']],
    [
      'synset.txt',
      'synset.txt',
      'n01440764 tench\nn01443537 goldfish, x',
      ['tench', 'goldfish, x'],
    ],
    ['numbers that are labels', 'labels.txt', '7\n8\n9', ['7', '8', '9']],
    ['a CSV with a header', 'a.csv', 'index,name\n1,"b, c"\n0,a\n', ['a', 'b, c']],
    ['a CSV without numbers', 'a.csv', 'label\na\nb\n', ['a', 'b']],
    ['YAML names by number', 'data.yaml', 'nc: 2\nnames:\n  0: cat\n  1: dog\n', ['cat', 'dog']],
    ['YAML names as a list', 'data.yaml', 'names: [cat, dog]', ['cat', 'dog']],
    [
      'pbtxt, from 1',
      'map.pbtxt',
      'item {\n id: 2\n name: "b"\n}\nitem { id: 1 name: \'x\' display_name: "Ä" }',
      ['Ä', 'b'],
    ],
    [
      "Keras's index",
      'i.json',
      '{"0": ["n01440764", "tench"], "1": ["n01443537", "goldfish"]}',
      ['tench', 'goldfish'],
    ],
    ['class_indices', 'i.json', '{"dog": 1, "cat": 0}', ['cat', 'dog']],
    [
      'a whole config.json',
      'config.json',
      '{"model_type": "vit", "num_labels": 2, "id2label": {"0": "a", "1": "b"}}',
      ['a', 'b'],
    ],
    ['numbers as texts', 'i.json', '{"dog": "1", "cat": "0"}', ['cat', 'dog']],
    ['labels that are digits', 'i.json', '{"0": "7", "1": "3"}', ['7', '3']],
    ['a list', 'l.json', '["a", "b"]', ['a', 'b']],
    ['numbers out of order', 'l.txt', '1 dog\n0 cat\n2 hen', ['cat', 'dog', 'hen']],
    ['numbers that count from 1', 'l.txt', '1. cat\n2. dog', ['cat', 'dog']],
    ['numbers at the end', 'l.txt', 'dog,1\ncat,0', ['cat', 'dog']],
    ['numbers at the end, by tabs', 'l.txt', 'cat\t0\r\nbig dog\t1\r\n', ['cat', 'big dog']],
    ['numbers that belong to labels', 'l.txt', '2 Euro\n1 Euro', ['2 Euro', '1 Euro']],
    ['numbers at the end that do so', 'l.txt', 'Class: 1\nClass: 2', ['Class: 1', 'Class: 2']],
    ['a CSV without a header', 'a.csv', '1,"b, c"\n0,a\n', ['a', 'b, c']],
    [
      'a list of objects',
      'l.json',
      '[{"id": 1, "name": "dog"}, {"id": 0, "name": "cat"}]',
      ['cat', 'dog'],
    ],
    [
      'objects that are counted from 1',
      'l.json',
      '{"categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}]}',
      ['cat', 'dog'],
    ],
    ['objects without numbers', 'l.json', '[{"label": "b"}, {"label": "a"}]', ['b', 'a']],
    ['classes in an object', 'l.json', '{"classes": ["b", "a"]}', ['b', 'a']],
  ])('%s', (_, name, text, labels) => {
    expect(parseLabelFile(name, text)).toEqual(labels);
  });

  test.each([
    ['a gap', 'i.json', '{"0": "a", "2": "b"}', 'expected i.json to be a list of labels'],
    ['a number twice', 'a.csv', 'id,label\n0,a\n0,b', 'expected a.csv to be a list of labels'],
    ['an empty line', 'l.txt', 'a\n\nb', 'but class 1 has no name'],
    ['no JSON', 'l.json', '{"a"', 'expected l.json to be JSON'],
    [
      'numbers from 1, which may be those of folders',
      'cat_to_name.json',
      '{"2": "b", "1": "a"}',
      'expected cat_to_name.json to number the outputs from 0, but its numbers begin with 1',
    ],
    [
      'objects of which two have one number',
      'l.json',
      '[{"id": 0, "name": "a"}, {"id": 0, "name": "b"}]',
      'expected l.json to be a list of labels',
    ],
    ['numbers for labels', 'l.json', '[1, 2]', 'expected l.json to be a list of labels'],
  ])('refuses %s', (_, name, text, says) => {
    expect(() => parseLabelFile(name, text)).toThrow(says);
  });
});
