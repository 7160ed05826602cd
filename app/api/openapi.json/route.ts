import { jsonWithEtag, openApiDocument, otherMethods, route } from '@/lib/server';

export const GET = route('openapi', ({ request }) => jsonWithEtag(request, openApiDocument()));
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods('GET');
