/** The server as a whole: its name, and whether it can infer. */
import { OIP_EXTENSIONS } from '@/lib/shared/contract/open-inference';
import { version } from '../../../../package.json';
import { isReady } from '../../inference/readiness';
import { json } from '../openapi/parts';
import type { Route } from '../route';
import { probe } from './probe';
import { jsonResponse } from '../../http/json-response';

const TAG = 'Open Inference Protocol';

export const serverRoute: Route = {
  name: 'v2',
  method: 'get',
  path: '/v2',
  id: 'v2Server',
  tag: TAG,
  summary: 'Name and version of the server',
  description: '`extensions` lists those of the protocol’s extensions that are answered here.',
  answers: { 200: { description: 'Its metadata.', content: json('InferenceServer') } },
  problems: [],
  handler: () =>
    jsonResponse({ name: 'sightline', version, extensions: [...OIP_EXTENSIONS] }, { headers: {} }),
};

export const liveRoute: Route = {
  name: 'v2-live',
  isOpen: true,
  method: 'get',
  path: '/v2/health/live',
  id: 'v2Live',
  tag: TAG,
  summary: 'Whether the server answers',
  description: '200 as long as the process does. Needs no key.',
  answers: { 200: { description: 'It does.', content: json('InferenceServerLive') } },
  problems: [],
  handler: () => probe(200, { live: true }),
};

export const readyRoute: Route = {
  name: 'v2-ready',
  isOpen: true,
  method: 'get',
  path: '/v2/health/ready',
  id: 'v2Ready',
  tag: TAG,
  summary: 'Whether the server can infer',
  description: '503 while nothing can be predicted. Needs no key.',
  answers: {
    200: { description: 'It can.', content: json('InferenceServerReady') },
    503: {
      description: 'Not now.',
      content: json('InferenceServerReady'),
      headers: ['Retry-After'],
    },
  },
  problems: [],
  handler: (_, { pool, registry }) => {
    const answers = isReady(pool, registry);
    return probe(answers ? 200 : 503, { live: true, ready: answers });
  },
};
