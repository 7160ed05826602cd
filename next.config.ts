import { readFileSync } from 'node:fs';
import type { NextConfig } from 'next';
import type { DeviceAssets } from './lib/browser/client/device/assets';

const ONE_YEAR_IMMUTABLE = 'public, max-age=31536000, immutable';

/** Written by scripts/build-assets.ts: addresses of the worker and of the WebAssembly files. */
const deviceAssets = JSON.parse(readFileSync('.build/device-assets.json', 'utf8')) as DeviceAssets;

const { viewerUrl } = JSON.parse(readFileSync('.build/viewer.json', 'utf8')) as {
  viewerUrl: string;
};

/** The server sends the same with what it answers itself. */
const { isolation, hardening } = JSON.parse(
  readFileSync('lib/server/http/page-headers.json', 'utf8'),
) as Record<'isolation' | 'hardening', Record<string, string>>;

const pairs = (headers: Record<string, string>) =>
  Object.entries(headers).map(([key, value]) => ({ key, value }));

const config: NextConfig = {
  output: 'standalone',
  poweredByHeader: false,
  // Our own server does, with Brotli too.
  compress: false,
  // While developing Next would ask a registry for advisories on its version: nothing leaves unasked.
  experimental: { agentUpgrade: false },
  reactStrictMode: true,
  devIndicators: false,
  // Closes /_next/image, which would decode whatever anybody asks for in the server's process.
  images: { unoptimized: true },
  // Loaded at run time as they are: native libraries, and a pool that finds its own files.
  serverExternalPackages: ['libsql', 'onnxruntime-node', 'pino', 'piscina', 'prom-client', 'sharp'],
  // What tracing cannot see: models, the bundled pool worker and the native libraries it loads.
  outputFileTracingIncludes: {
    '/*': [
      './models/**',
      './.build/server/**',
      './node_modules/piscina/dist/**',
      './node_modules/onnxruntime-node/dist/**',
      './node_modules/onnxruntime-node/package.json',
      `./node_modules/onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}/**`,
      './node_modules/onnxruntime-common/dist/cjs/**',
      './node_modules/onnxruntime-common/package.json',
      './node_modules/sharp/dist/**',
      './node_modules/sharp/package.json',
      './node_modules/libsql/**',
      './node_modules/@libsql/**',
      './node_modules/@neon-rs/load/**',
      './node_modules/@img/**',
      './node_modules/detect-libc/**',
      './node_modules/semver/**',
    ],
  },
  env: {
    DEVICE_ASSETS: JSON.stringify(deviceAssets),
    API_VIEWER_URL: viewerUrl,
    SOURCE_COMMIT: process.env.SOURCE_COMMIT ?? 'unknown',
  },
  headers: () =>
    Promise.resolve([
      { source: '/:path*', headers: pairs(hardening) },
      // Next's own 404 below here passes no proxy.ts; its files are no documents.
      {
        source: '/_next/:path*',
        headers: [
          { key: 'Content-Security-Policy', value: "default-src 'none'; frame-ancestors 'none'" },
        ],
      },
      // Files of models are for pages of other origins too.
      { source: '/:path((?!hf/).*)', headers: pairs(isolation) },
      {
        source: '/:folder(ort|workers|viewer|client)/:path*',
        headers: [{ key: 'Cache-Control', value: ONE_YEAR_IMMUTABLE }],
      },
    ]),
};

export default config;
