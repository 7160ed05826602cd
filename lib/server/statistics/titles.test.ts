import { describe, expect, test } from 'vitest';
import {
  cacheTitle,
  calibrationTitle,
  classAccuracyTitle,
  confidenceTitle,
  confusionTitle,
  driftTitle,
  feedbackTitle,
  labelsTitle,
  latencyTitle,
  percent,
  sourceTitle,
  statusTitle,
  throughputTitle,
  uncertainTitle,
  withReported,
  wrongLabelsTitle,
} from './titles';

const FROM_EVALUATION = { against: 'evaluation', baselineAnswers: 2000 };
const FROM_WEEK = { against: '2026-W46', baselineAnswers: 2000, answers: 1234 };
const NONE = { requests: 0, limited: 0, shed: 0, refused: 0, failed: 0 };

describe('titles say what was measured', () => {
  test.each([
    [
      throughputTitle([600, 604, 0], '1h'),
      '1,204 requests were answered in the last hour, at most 604 in a minute',
    ],
    [throughputTitle([0, 1], '7d'), '1 request was answered in the last 7 days'],
    [throughputTitle([0, 1], 'past-7d'), '1 request was answered in those 7 days'],
    [
      throughputTitle([2, 1], 'past-1h'),
      '3 requests were answered in that hour, at most 2 in a minute',
    ],
    [latencyTitle(18.4, '24h'), '95 % of predictions came within 18 ms'],
    [latencyTitle(1234, '24h'), '95 % of predictions came within 1.2 s'],
    [statusTitle({ ...NONE, requests: 7 }, '1h'), 'Every request got what it asked for'],
    [
      statusTitle({ ...NONE, requests: 100, limited: 1, shed: 2, failed: 5 }, '1h'),
      '92 % of requests got what they asked for, 5 % failed',
    ],
    [
      statusTitle({ ...NONE, requests: 100, refused: 8, failed: 1 }, '1h'),
      '91 % of requests got what they asked for, 8 % were refused for a mistake in them',
    ],
    [cacheTitle(41, 59, '1h'), '41 % of pictures were known from before'],
    [sourceTitle(9, 1, '1h'), 'The server classified 90 % of pictures, devices the rest'],
    [sourceTitle(9, 0, '1h'), 'The server classified every picture, devices none'],
    [sourceTitle(0, 9, '1h'), 'Devices classified every picture, the server none'],
    [
      labelsTitle(
        [
          ['espresso', 3],
          ['tabby', 1],
        ],
        4,
        '1h',
      ),
      '“espresso” was the label most often: 75 % of pictures',
    ],
    [
      // Of labels by themselves: ten pictures, most of which have none.
      labelsTitle([['crowd', 2]], 10, '1h'),
      '“crowd” was the label most often: 20 % of pictures',
    ],
    [
      confidenceTitle([1, 0, 0, 0, 0, 0, 0, 0, 0, 3], '1h'),
      'The model was at least 50 % sure of 75 % of pictures',
    ],
    [
      driftTitle(
        { ...FROM_EVALUATION, answers: 1234, psi: { label: 0.021, confidence: 0.034 } },
        '1h',
      ),
      'Answers lie as in the evaluation: PSI 0.03 by confidence, 0.02 by label (1,234 answers)',
    ],
    [
      driftTitle(
        { ...FROM_EVALUATION, answers: 300, psi: { label: 0.14, confidence: 0.034 } },
        '1h',
      ),
      'Answers have moved a little from the evaluation: PSI 0.03 by confidence, 0.14 by label (300 answers)',
    ],
    [
      driftTitle(
        { ...FROM_EVALUATION, answers: 300, psi: { label: 0.14, confidence: 0.25 } },
        '1h',
      ),
      'Answers lie unlike those of the evaluation: PSI 0.25 by confidence, 0.14 by label (300 answers)',
    ],
    [
      driftTitle({ ...FROM_EVALUATION, answers: 12, psi: undefined }, '1h'),
      'Too few answers in the last hour to tell drift: 12 of 200',
    ],
    [
      driftTitle({ ...FROM_WEEK, psi: { label: 0.021, confidence: 0.034 } }, '1h'),
      'Answers lie as in week 2026-W46: PSI 0.03 by confidence, 0.02 by label (1,234 answers)',
    ],
    [
      driftTitle({ ...FROM_WEEK, psi: { label: 0.3, confidence: 0.034 } }, '1h'),
      'Answers lie unlike those of week 2026-W46: PSI 0.03 by confidence, 0.30 by label (1,234 answers)',
    ],
    [
      driftTitle({ ...FROM_WEEK, baselineAnswers: 12, psi: undefined }, '1h'),
      'Too few answers of week 2026-W46 to tell drift: 12 of 200',
    ],
    [
      driftTitle({ ...FROM_WEEK, missing: 'not-over', psi: undefined }, '1h'),
      'Week 2026-W46 is not over: drift is measured from it once it is',
    ],
    [
      driftTitle({ ...FROM_WEEK, missing: 'forgotten', psi: undefined }, '1h'),
      'Week 2026-W46 is no longer known: drift cannot be measured from it',
    ],
    [feedbackTitle(17, 3, '1h'), 'Visitors called 3 of 20 answers wrong'],
    [
      withReported('Visitors called 3 of 20 answers wrong', 20, 1200, '1h'),
      'Visitors called 3 of 20 answers wrong; browsers reported 1,200 more',
    ],
    [
      withReported('No visitor called a label wrong', 0, 2, '24h'),
      'Nothing that this server answered itself in the last 24 hours; browsers reported 2',
    ],
    [wrongLabelsTitle([['tabby', 5]], '1h'), '“tabby” was called wrong most often: 5 times'],
  ])('%s', (title, expected) => {
    expect(title).toBe(expected);
  });

  test('and of the model on how many pictures', () => {
    const bins = [
      { count: 30, meanConfidence: 0.5, accuracy: 0.4 },
      { count: 10, meanConfidence: 0.9, accuracy: 0.9 },
    ];
    expect(calibrationTitle(bins)).toBe(
      'The model is as often right as it says, 7.5 points off on average (40 pictures)',
    );
    expect(calibrationTitle(bins, 'label score')).toBe(
      'Labels fit as often as they score, 7.5 points off on average (40 label scores)',
    );
    expect(
      classAccuracyTitle(
        [
          ['tabby', 0.5],
          ['spoon', 0.1],
        ],
        0.3,
        10_000,
      ),
    ).toBe('30 % of pictures are recognised, of “spoon” only 10 % (10,000 pictures)');
    expect(confusionTitle({ actual: 'tabby', predicted: 'lynx', count: 1 }, 50)).toBe(
      '“tabby” is taken for “lynx” most often: 1 time (50 pictures)',
    );
    expect(confusionTitle(undefined, 50)).toBe('No class is taken for another (50 pictures)');
  });

  test('where nothing was, they say that', () => {
    const titles = [
      throughputTitle([0, 0], '1h'),
      latencyTitle(undefined, '1h'),
      statusTitle(NONE, '1h'),
      cacheTitle(0, 0, '1h'),
      sourceTitle(0, 0, '1h'),
      labelsTitle([], 0, '1h'),
      confidenceTitle([0, 0], '1h'),
      feedbackTitle(0, 0, '1h'),
      wrongLabelsTitle([], '1h'),
      uncertainTitle(null, '1h'),
    ];
    expect(titles.filter((title) => !/^(No|Nobody|Nothing)/.test(title))).toEqual([]);
    expect(titles.filter((title) => !title.includes('in the last hour'))).toEqual([]);
  });
});

test.each([
  [0, '0 %'],
  [0.001, 'less than 1 %'],
  [0.455, '46 %'],
  [0.999, 'more than 99 %'],
  [1, '100 %'],
])('a share of %d is %s', (share, text) => {
  expect(percent(share)).toBe(text);
});
