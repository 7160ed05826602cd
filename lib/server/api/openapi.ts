import { jsonWithEtag } from '../http/etag';
import { openApiDocument } from './openapi/document';
import type { Route } from './route';

/** @param routes all there are, this one among them */
export function openApiRoute(routes: () => readonly Route[]): Route {
  let document: object | undefined;
  return {
    name: 'openapi',
    method: 'get',
    path: '/api/openapi.json',
    id: 'getOpenApi',
    tag: 'Operation',
    summary: 'This description',
    description:
      'OpenAPI 3.1 of every address here, made from the schemas that the server checks with.',
    answers: {
      200: {
        description: 'OpenAPI 3.1.',
        content: { 'application/json': { schema: { type: 'object' } } },
        headers: ['ETag'],
      },
      304: { description: 'As If-None-Match has it already.', headers: ['ETag'] },
    },
    problems: ['invalid-request'],
    handler: ({ request }) => jsonWithEtag(request, (document ??= openApiDocument(routes()))),
  };
}
