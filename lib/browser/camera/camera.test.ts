import { describe, expect, test } from 'vitest';
import { problemOf } from './camera';
import { LiveAverage } from './live-average';
import { runLiveLoop, type Frame } from './live-loop';

const cat = (score: number) => ({ index: 1, label: 'cat', score });
const dog = (score: number) => ({ index: 2, label: 'dog', score });

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
    average.add([cat(0.8), dog(0.2)], 20, 0);
    expect(average.figures(5).predictions).toEqual([cat(0.8), dog(0.2)]);
  });

  test('one odd frame does not change the order', () => {
    const average = new LiveAverage();
    for (let atMs = 0; atMs <= 500; atMs += 50) average.add([cat(0.9)], 20, atMs);
    average.add([dog(0.9)], 20, 550);
    expect(average.figures(1).predictions[0]!.label).toBe('cat');
  });

  test('what stays in view leads soon, and what left is forgotten', () => {
    const average = new LiveAverage();
    average.add([cat(0.9)], 20, 0);
    for (let atMs = 50; atMs <= 6000; atMs += 50) average.add([dog(0.9)], 20, atMs);
    const { predictions } = average.figures(5);
    expect(predictions.map(({ label }) => label)).toEqual(['dog']);
    expect(predictions[0]!.score).toBeCloseTo(0.9, 3);
  });

  test('the rate is that of the answers, and a pause is not one of them', () => {
    const average = new LiveAverage();
    average.add([cat(1)], 20, 0);
    average.add([cat(1)], 20, 100);
    average.pause();
    average.add([cat(1)], 20, 60_000);
    average.add([cat(1)], 20, 60_100);
    expect(average.figures(1).framesPerSecond).toBeCloseTo(10);
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
          return [cat(1)];
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
        classify: () => Promise.resolve([cat(1)]),
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
