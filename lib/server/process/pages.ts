/**
 * Next as the maker of pages: its documented custom server, on the traced output of its build. What
 * Next does not document is here and nowhere else: that the traced server takes its configuration
 * out of this variable, and that the build leaves it in this file.
 */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import path from 'node:path';
import next from 'next';
import type { Listener } from './api-listener';

export const CONFIG_VARIABLE = '__NEXT_PRIVATE_STANDALONE_CONFIG';
export const CONFIG_FILE = path.join('.next', 'required-server-files.json');

export interface PageOptions {
  /** The folder that was built, or while developing that of the sources. */
  readonly root: string;
  readonly isDevelopment: boolean;
  readonly server: Server;
  readonly hostname: string;
  readonly port: number;
}

/** @returns what answers requests for pages; ready in half a second, so they wait if they must */
export function openPages({ root, isDevelopment, server, hostname, port }: PageOptions): Listener {
  if (!isDevelopment) process.env[CONFIG_VARIABLE] = readBuiltConfig(root);
  const app = next({
    dev: isDevelopment,
    dir: root,
    customServer: true,
    hostname,
    port,
    // While somebody listens for upgrades, a request that offers another protocol (h2c, which many
    // clients offer) is never answered in this one. Only the development server has a use for them.
    httpServer: isDevelopment ? server : (new EventEmitter() as Server),
  });
  const handling = app.prepare().then(() => app.getRequestHandler());
  handling.catch(() => undefined);
  return (request, response) => {
    handling
      .then((handle) => handle(request, response))
      .catch((error: Error) => response.destroy(error));
  };
}

function readBuiltConfig(root: string): string {
  const { config } = JSON.parse(readFileSync(path.join(root, CONFIG_FILE), 'utf8')) as {
    config: unknown;
  };
  return JSON.stringify(config);
}
