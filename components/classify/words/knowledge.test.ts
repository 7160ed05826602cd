import { describe, expect, test } from 'vitest';
import { knowledgeSentence } from './knowledge';

describe('what a model knows', () => {
  test('is counted, with examples from all over, and how often it was right', () => {
    const labels = ['ant', 'bee, honey bee', 'a name that is far too long to read', 'cat', 'dog'];
    const accuracy = { top1: 0.558, top5: 0.8, images: 10_000 };
    expect(knowledgeSentence({ labels, accuracy })).toBe(
      'It knows 5 things (ant, cat, dog …). On test pictures its first guess was right 56 times in 100.',
    );
  });

  test('lists all labels of a small model, and leaves out an accuracy that was not measured', () => {
    expect(knowledgeSentence({ labels: ['crack', 'no crack'] })).toBe(
      'It knows crack and no crack.',
    );
  });
});
