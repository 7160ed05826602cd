import { getRuntime, jsonWithEtag, otherMethods, route, summarizeModel } from '@/lib/server';

export const GET = route<{ id: string }>('model', async ({ request, params }) => {
  const { registry } = await getRuntime();
  const model = registry.get(params.id);
  return jsonWithEtag(request, summarizeModel(model, registry.isDefault(model)));
});
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods('GET');
