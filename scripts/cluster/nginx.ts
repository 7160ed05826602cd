/** The installed nginx with deploy/nginx.conf, as its container or its package would run it. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { canInstallPackages, installPackage } from '../packages';

export const TEMPLATE = path.resolve(import.meta.dirname, '../../deploy/nginx.conf');

/** What is put in place of `${…}` in deploy/nginx.conf. */
export interface NginxVariables {
  readonly LISTEN: string;
  readonly REPLICAS: string;
  readonly CACHE_DIR: string;
  readonly ACCESS_LOG: string;
}

/** An nginx on this machine; Debian's package where there is none. */
export async function ensureNginx(): Promise<void> {
  const isThere = () => spawnSync('nginx', ['-v']).status === 0;
  if (isThere()) return;
  if (canInstallPackages()) await installPackage('nginx-light');
  if (!isThere()) {
    throw new Error('expected nginx on the PATH; install it with your package manager');
  }
}

/** The value of REPLICAS for replicas at these addresses, each `host:port`. */
export function upstreamServers(addresses: readonly string[]): string {
  return addresses.map((address) => `server ${address} fail_timeout=1s;`).join(' ');
}

/**
 * Puts the variables in place, as `envsubst` does when it is told which; nginx's own stay.
 *
 * @throws Error if the template names one that there is not
 */
export function fillTemplate(template: string, variables: NginxVariables): string {
  return template.replace(/\$\{([A-Z_]+)\}/g, (_, name: string) => {
    if (name in variables) return variables[name as keyof NginxVariables];
    throw new Error(`expected one of ${Object.keys(variables).join(', ')}, received ${name}`);
  });
}

/** Writes a whole configuration into a folder, where everything that nginx writes stays too. */
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

/** What a package or a container brings: processes, and folders that it may write to. */
function mainConfiguration(folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${path.join(folder, 'temp', kind)};`,
  );
  return [
    // Others than root may not read the folder; who is not root has nobody to become.
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

/** What `nginx -t` says of a configuration; undefined where there is nothing to say. */
export function configurationMistakes(file: string, folder: string): string | undefined {
  const { status, stderr } = spawnSync('nginx', ['-t', '-q', '-p', folder, '-c', file], {
    encoding: 'utf8',
  });
  return status === 0 && stderr === '' ? undefined : stderr;
}

/** In a process group of its own, so that Ctrl-C in a terminal reaches only whoever started it. */
export function startNginx(file: string, folder: string): ChildProcess {
  return spawn('nginx', ['-p', folder, '-c', file, '-e', path.join(folder, 'error.log')], {
    stdio: 'ignore',
    detached: true,
  });
}
