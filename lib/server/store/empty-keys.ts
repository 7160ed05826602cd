/**
 * A script call without the keys that are empty. @upstash/ratelimit 2.0 names its optional key even
 * where there is none, and a Redis Cluster refuses the call, for "" lies in another slot than the
 * first key (CROSSSLOT).
 */
type Command = [name: string, ...args: (string | number)[]];

/** @throws Error NOSCRIPT for a script called by its hash, so that its caller sends the text */
export function withoutEmptyKeys(command: Command): Command {
  const [name, script = '', count = 0, ...rest] = command;
  const isScript = /^eval(sha)?$/i.test(name);
  if (!isScript) return command;
  const keys = rest.slice(0, Number(count));
  if (!keys.includes('')) return command;
  if (/sha$/i.test(name)) throw new Error('NOSCRIPT Its text names a key that is empty.');
  const kept = keys.filter((key) => key !== '');
  let at = 0;
  const names = keys.map((key) => (key === '' ? '""' : `KEYS[${++at}]`));
  const text = String(script).replace(
    /\bKEYS\[(\d+)\]/g,
    (found, number) => names[Number(number) - 1] ?? found,
  );
  return [name, text, kept.length, ...kept, ...rest.slice(keys.length)];
}
