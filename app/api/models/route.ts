import { getRuntime, otherMethods, route, summarizeModel } from '@/lib/server';

export const GET = route(async () => {
  const { registry } = await getRuntime();
  const models = registry.models.map((model) => summarizeModel(model, registry.isDefault(model)));
  return Response.json({ models }, { headers: { 'Cache-Control': 'no-cache' } });
});
export const { POST, PUT, PATCH, DELETE } = otherMethods('GET');
