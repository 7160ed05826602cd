/** Attacks with paths and headers that no page requests. */
import type { Attack } from './attack';
import { inLanes, tally, undocumented } from './raw';

const HTML_PATHS = [
  '/',
  '/nothing-here',
  '/_next/nothing',
  '/_next/static/nothing.js',
  '/samples/nothing.png',
  '/icon-nothing',
  '/settings',
  '/%00',
  '/..%2f..%2fetc/passwd',
];
const HEADERS: Record<string, string>[] = [
  {},
  { 'Next-Router-Prefetch': '1' },
  { RSC: '1' },
  { Purpose: 'prefetch', 'Next-Router-Prefetch': '1', RSC: '1' },
];

export const pagesWithoutPolicy: Attack = {
  name: 'HTML without a Content-Security-Policy',
  run: async (server) => {
    const asked = HTML_PATHS.flatMap((path) => HEADERS.map((headers) => ({ path, headers })));
    const wrong: string[] = [];
    const statuses = await inLanes(asked.length, 4, async (i) => {
      const { path, headers } = asked[i]!;
      const answer = await fetch(`${server.url}${path}`, { headers, redirect: 'manual' });
      const body = await answer.text();
      const isHtml = answer.headers.get('content-type')?.includes('text/html');
      if (isHtml && !answer.headers.has('content-security-policy')) {
        wrong.push(`${path} ${JSON.stringify(headers)} has none`);
      }
      if (/\/(home|root|work|usr|srv|app)\/\w/.test(body)) wrong.push(`${path} names a path`);
      return answer.status;
    });
    return {
      measured: JSON.stringify(tally(statuses)),
      wrong: [...undocumented(statuses), ...wrong],
    };
  },
};

export const imageOptimizer: Attack = {
  name: 'the image optimizer',
  run: async (server) => {
    const addresses = ['/samples/espresso.png', '/icon.svg', 'https://example.invalid/x.png'];
    const statuses = await inLanes(addresses.length, 1, async (i) => {
      const query = `url=${encodeURIComponent(addresses[i]!)}&w=640&q=75`;
      const answer = await fetch(`${server.url}/_next/image?${query}`);
      await answer.arrayBuffer();
      return answer.status;
    });
    return {
      measured: `/_next/image: ${JSON.stringify(tally(statuses))}`,
      wrong: statuses.every((status) => status === 404) ? [] : ['it answers'],
    };
  },
};

const RANGES = [
  'bytes=0-0',
  'bytes=10-5',
  'bytes=-5',
  'bytes=-0',
  'bytes=999999999999-',
  'bytes=0-0,5-9,2-1',
  'bytes=a-b',
  'bytes=-',
  'lines=1-2',
  'bytes=0-99999999999999999999',
  `bytes=${'0-1,'.repeat(2_000)}0-1`,
];

export const nonsenseRanges: Attack = {
  name: 'nonsense in Range',
  run: async (server) => {
    const page = await (await fetch(server.url)).text();
    const script = /\/_next\/static\/[^"]+\.js/.exec(page)?.[0] ?? '/sw.js';
    const files = [
      script,
      '/sw.js',
      '/samples/cat.png',
      '/hf/tiny-imagenet-200/resolve/main/config.json',
    ];
    const asked = files.flatMap((file) => RANGES.map((range) => ({ file, range })));
    const statuses = await inLanes(asked.length, 4, async (i) => {
      const { file, range } = asked[i]!;
      const answer = await fetch(`${server.url}${file}`, { headers: { Range: range } }).catch(
        () => undefined,
      );
      await answer?.arrayBuffer();
      return answer?.status ?? 599;
    });
    const taken = [200, 206, 400, 416, 431];
    const wrong = asked.flatMap(({ file, range }, i) =>
      taken.includes(statuses[i]!) ? [] : [`${file} ${range.slice(0, 40)}: ${statuses[i]}`],
    );
    return { measured: JSON.stringify(tally(statuses)), wrong };
  },
};
