import { expect, test } from 'vitest';
import { divertAddress, VIEWER_ADDRESS_EVENT } from './viewer-address';

test('the viewer tells its address instead of writing it', () => {
  const script = 's.href!==a&&window.history.pushState(null,null,s.href)}';
  const [notice, changed] = divertAddress(script).split('\n');
  expect(notice).toContain('Changed for Sightline');
  expect(changed).toBe(
    `s.href!==a&&window.dispatchEvent(new CustomEvent("${VIEWER_ADDRESS_EVENT}",{detail:s.href}))}`,
  );
});

test.each([
  ['none', 'history.replaceState({},"",address)'],
  ['two', 'window.history.pushState(null,null,s.href);window.history.pushState(null,null,t.href)'],
])('a script that writes in another way is refused: %s', (_name, script) => {
  expect(() => divertAddress(script)).toThrow('expected one pushState');
});
