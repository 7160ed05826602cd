import { getRuntime, otherMethods, route, serveModelFile } from '@/lib/server';

export const GET = route<{ id: string; revision: string; path: string[] }>(
  'model-file',
  async ({ request, params }) => {
    const { registry } = await getRuntime();
    const model = registry.get(params.id);
    return serveModelFile(request, model, params.revision, params.path.join('/'));
  },
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods('GET');
