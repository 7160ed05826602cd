/** Runs the installed nginx with deploy/nginx.conf, as its container or package would. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { waitForPort } from '../../harness/redis';
import { end, freePort } from '../../harness/server';
import { canInstallPackages, installPackage } from '../packages';

export const TEMPLATE = path.resolve(import.meta.dirname, '../../deploy/nginx.conf');

/** The values for `${…}` in deploy/nginx.conf. */
export interface NginxVariables {
  readonly LISTEN: string;
  readonly REPLICAS: string;
  readonly CACHE_DIR: string;
  readonly ACCESS_LOG: string;
}

/** Checks that nginx is installed; if not, installs Debian's package. */
export async function ensureNginx(): Promise<void> {
  const isThere = () => spawnSync('nginx', ['-v']).status === 0;
  if (isThere()) return;
  if (canInstallPackages()) await installPackage('nginx-light');
  if (!isThere()) {
    throw new Error('expected nginx on the PATH; install it with your package manager');
  }
}

/** The value of REPLICAS for replicas at the given addresses, each `host:port`. */
export function upstreamServers(addresses: readonly string[]): string {
  return addresses.map((address) => `server ${address} fail_timeout=1s;`).join(' ');
}

/**
 * Replaces the variables, as `envsubst` does with a list of names. nginx's own variables stay.
 *
 * @throws Error if the template uses an unknown variable
 */
export function fillTemplate(template: string, variables: NginxVariables): string {
  return template.replace(/\$\{([A-Z_]+)\}/g, (_, name: string) => {
    if (name in variables) return variables[name as keyof NginxVariables];
    throw new Error(`expected one of ${Object.keys(variables).join(', ')}, received ${name}`);
  });
}

/** Writes a complete configuration into a folder, which also gets all files that nginx writes. */
export async function writeConfiguration(
  folder: string,
  listen: string,
  replicas: readonly string[],
): Promise<string> {
  const variables = {
    LISTEN: listen,
    REPLICAS: upstreamServers(replicas),
    CACHE_DIR: path.join(folder, 'cache'),
    ACCESS_LOG: path.join(folder, 'access.log'),
  };
  const site = fillTemplate(await readFile(TEMPLATE, 'utf8'), variables);
  await mkdir(path.join(folder, 'temp'), { recursive: true });
  await writeFile(path.join(folder, 'site.conf'), site);
  const file = path.join(folder, 'nginx.conf');
  await writeFile(file, mainConfiguration(folder));
  return file;
}

/** The part that a package or container provides: processes, and folders with write access. */
function mainConfiguration(folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${path.join(folder, 'temp', kind)};`,
  );
  return [
    // nginx's default user may not read the folder. Only root can switch nginx's user.
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'worker_processes 2;',
    'daemon off;',
    `pid ${path.join(folder, 'nginx.pid')};`,
    `error_log ${path.join(folder, 'error.log')} warn;`,
    'worker_shutdown_timeout 10s;',
    'events { worker_connections 1024; }',
    `http { ${temporary.join(' ')} include ${path.join(folder, 'site.conf')}; }`,
    '',
  ].join('\n');
}

/** The errors that `nginx -t` reports for a configuration; undefined if there are none. */
export function configurationMistakes(file: string, folder: string): string | undefined {
  const { status, stderr } = spawnSync('nginx', ['-t', '-q', '-p', folder, '-c', file], {
    encoding: 'utf8',
  });
  return status === 0 && stderr === '' ? undefined : stderr;
}

export interface Front {
  readonly url: string;
  /** Stops nginx gracefully, and removes its folder if this function made it. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts nginx in front of replicas, each `host:port`. It gets its own process group, so that
 * Ctrl-C in a terminal reaches only the process that started it.
 *
 * @throws Error with nginx's message if it does not start
 */
export async function startFront(
  replicas: readonly string[],
  options: { port?: number; folder?: string } = {},
): Promise<Front> {
  const port = options.port ?? (await freePort());
  const folder = options.folder ?? (await mkdtemp(path.join(tmpdir(), 'sightline-nginx-')));
  const file = await writeConfiguration(folder, `127.0.0.1:${port}`, replicas);
  const mistakes = configurationMistakes(file, folder);
  if (mistakes !== undefined) throw new Error(`nginx refuses its configuration:\n${mistakes}`);
  const errorLog = path.join(folder, 'error.log');
  const nginx = spawn('nginx', ['-p', folder, '-c', file, '-e', errorLog], {
    stdio: 'ignore',
    detached: true,
  });
  await Promise.race([waitForPort(port), endsTooSoon(nginx, errorLog)]);
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      await end(nginx, 'SIGQUIT');
      if (!options.folder) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function endsTooSoon(nginx: ChildProcess, errorLog: string): Promise<never> {
  await once(nginx, 'exit');
  throw new Error(`nginx has ended:\n${await readFile(errorLog, 'utf8').catch(() => '')}`);
}
