/** A page of somebody else, on an origin of its own, that has the custom element. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ForeignSite {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves the page at `/?server=…&attributes=…`. */
export async function startForeignSite(host = '127.0.0.1'): Promise<ForeignSite> {
  const site = createServer((request, response) => {
    const { searchParams } = new URL(request.url!, 'http://localhost');
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    response.end(page(searchParams.get('server') ?? '', searchParams.get('attributes') ?? ''));
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  return {
    url: `http://${host}:${(site.address() as AddressInfo).port}`,
    close: async () => {
      site.close();
      site.closeAllConnections();
      await once(site, 'close');
    },
  };
}

const page = (server: string, attributes: string) => `<!doctype html>
<html lang="en">
  <title>A page of somebody else</title>
  <script type="module" src="${server}/classifier.js"></script>
  <main>
    <h1>A page of somebody else</h1>
    <sightline-classifier ${attributes}></sightline-classifier>
  </main>
</html>`;
