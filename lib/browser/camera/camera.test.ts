import { describe, expect, test } from 'vitest';
import { problemOf } from './camera';
import { LiveAverage } from './live-average';
import { runLiveLoop, type Frame } from './live-loop';

const cat = (score: number) => ({ index: 1, label: 'cat', score });
const dog = (score: number) => ({ index: 2, label: 'dog', score });

function frame(predictions: Frame['predictions'], atMs: number, uncertain = false): Frame {
  return { predictions, uncertain, latencyMs: 20, atMs };
}

describe('why a camera does not open', () => {
  test.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'absent'],
    ['OverconstrainedError', 'absent'],
    ['NotReadableError', 'busy'],
    ['TypeError', 'unknown'],
  ])('%s means %s', (name, problem) => {
    expect(problemOf(name)).toBe(problem);
  });
});

describe('the steady ranking of live frames', () => {
  test('starts with the first frame as it is', () => {
    const average = new LiveAverage();
    average.add(frame([cat(0.8), dog(0.2)], 0));
    expect(average.figures(5).predictions).toEqual([cat(0.8), dog(0.2)]);
  });

  test('one odd frame does not change the order', () => {
    const average = new LiveAverage();
    for (let atMs = 0; atMs <= 500; atMs += 50) average.add(frame([cat(0.9)], atMs));
    average.add(frame([dog(0.9)], 550));
    expect(average.figures(1).predictions[0]!.label).toBe('cat');
  });

  test('what stays in view leads soon, and what left is forgotten', () => {
    const average = new LiveAverage();
    average.add(frame([cat(0.9)], 0));
    for (let atMs = 50; atMs <= 6000; atMs += 50) average.add(frame([dog(0.9)], atMs));
    const { predictions } = average.figures(5);
    expect(predictions.map(({ label }) => label)).toEqual(['dog']);
    expect(predictions[0]!.score).toBeCloseTo(0.9, 3);
  });

  test('the rate is that of the answers, and a pause is not one of them', () => {
    const average = new LiveAverage();
    average.add(frame([cat(1)], 0));
    average.add(frame([cat(1)], 100));
    average.pause();
    average.add(frame([cat(1)], 60_000));
    average.add(frame([cat(1)], 60_100));
    expect(average.figures(1).framesPerSecond).toBeCloseTo(10);
  });
});

test('labels by themselves are selected by the score that is shown, not by the last frame', () => {
  const average = new LiveAverage(0.5);
  for (let atMs = 0; atMs <= 500; atMs += 50) {
    average.add(frame([{ ...cat(0.9), selected: true }], atMs));
  }
  average.add(
    frame(
      [
        { ...cat(0.1), selected: false },
        { ...dog(0.8), selected: true },
      ],
      550,
    ),
  );
  const { predictions } = average.figures(5);
  expect(predictions.map(({ label, selected }) => [label, selected])).toEqual([
    ['cat', true],
    ['dog', false],
  ]);
});

describe('doubt about live frames', () => {
  /** For each of some frames, 100 ms apart: whether the average is uncertain after it. */
  function doubts(frames: readonly boolean[]): boolean[] {
    const average = new LiveAverage();
    return frames.map((uncertain, i) => {
      average.add(frame([cat(0.5)], i * 100, uncertain));
      return average.figures(1).uncertain;
    });
  }
  const repeated = (...pattern: boolean[]) => Array.from({ length: 10 }, () => pattern).flat();
  const changes = (said: readonly boolean[]) =>
    said.filter((one, i) => i > 0 && one !== said[i - 1]);

  test('is that of the first frame, and comes and goes with what is seen', () => {
    expect(doubts([true])).toEqual([true]);
    const said = doubts([...repeated(false), ...repeated(true), ...repeated(false)]);
    expect(said[0]).toBe(false);
    expect(changes(said)).toEqual([true, false]);
    expect(said.at(-1)).toBe(false);
  });

  test('does not flicker where every other frame is uncertain, nor for a few odd ones', () => {
    expect(changes(doubts(repeated(false, true)))).toEqual([]);
    expect(changes(doubts(repeated(true, false)))).toEqual([]);
    expect(changes(doubts([...repeated(false), true, true, true, false, false]))).toEqual([]);
  });
});

describe('the live loop', () => {
  test('has one frame under way at a time and stops when it is told', async () => {
    const controller = new AbortController();
    let underWay = 0;
    let most = 0;
    const frames: Frame[] = [];
    await runLiveLoop(
      {
        grab: () => Promise.resolve('frame'),
        classify: async () => {
          most = Math.max(most, ++underWay);
          await Promise.resolve();
          underWay--;
          return { predictions: [cat(1)], uncertain: false };
        },
        whenVisible: () => Promise.resolve(false),
        onFrame: (frame) => {
          if (frames.push(frame) === 3) controller.abort();
        },
        onPause: () => undefined,
        now: () => 0,
      },
      controller.signal,
    );
    expect({ most, frames: frames.length }).toEqual({ most: 1, frames: 3 });
  });

  test('takes no frame while the page is hidden', async () => {
    const controller = new AbortController();
    const events: string[] = [];
    await runLiveLoop(
      {
        grab: () => Promise.resolve(events.push('grab')),
        classify: () => Promise.resolve({ predictions: [cat(1)], uncertain: false }),
        whenVisible: () => {
          events.push('shown again');
          return Promise.resolve(true);
        },
        onFrame: () => controller.abort(),
        onPause: () => events.push('pause'),
        now: () => 0,
      },
      controller.signal,
    );
    expect(events).toEqual(['shown again', 'pause', 'grab']);
  });
});
