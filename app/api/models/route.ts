import { getRuntime, jsonWithEtag, otherMethods, route, summarizeModel } from '@/lib/server';

export const GET = route('models', async ({ request }) => {
  const { registry } = await getRuntime();
  const models = registry.models.map((model) => summarizeModel(model, registry.isDefault(model)));
  return jsonWithEtag(request, { models, broken: registry.broken });
});
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods('GET');
