/**
 * Preloaded into every process of a server under test: notes names that are looked up and
 * connections that leave this machine, with the stack that wanted it, in the file NETWORK_TRAP.
 */
const { appendFileSync } = require('node:fs');
const dgram = require('node:dgram');
const dns = require('node:dns');
const net = require('node:net');

const LOOPBACK = /^(127\.|::1$|::ffff:127\.|localhost$|0\.0\.0\.0$|::$)/;

function note(what, target) {
  if (LOOPBACK.test(String(target))) return;
  const stack = new Error().stack.split('\n').slice(3, 9).join('\n');
  appendFileSync(
    process.env.NETWORK_TRAP,
    `${what} ${target} (process ${process.pid})\n${stack}\n`,
  );
}

function trap(object, name, what, targetOf) {
  const original = object[name];
  if (typeof original !== 'function') return;
  object[name] = function (...args) {
    const target = targetOf(...args);
    if (target !== undefined) note(what, target);
    return original.apply(this, args);
  };
}

const RESOLVERS = [
  'lookup',
  'resolve',
  'resolve4',
  'resolve6',
  'resolveAny',
  'resolveTxt',
  'resolveSrv',
];
for (const name of RESOLVERS) {
  trap(dns, name, 'looked up', (host) => host || undefined);
  trap(dns.promises, name, 'looked up', (host) => host || undefined);
}
trap(net.Socket.prototype, 'connect', 'connected to', (first) => {
  const options = Array.isArray(first) ? first[0] : first;
  if (typeof options !== 'object' || options === null || options.path) return undefined;
  return options.host ?? 'localhost';
});
trap(dgram.Socket.prototype, 'send', 'sent to', (...args) =>
  args.findLast((arg) => typeof arg === 'string'),
);
