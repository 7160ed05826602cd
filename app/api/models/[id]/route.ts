import { getRuntime, otherMethods, route, summarizeModel } from '@/lib/server';

export const GET = route<{ id: string }>(async ({ params }) => {
  const { registry } = await getRuntime();
  const model = registry.get(params.id);
  return Response.json(summarizeModel(model, registry.isDefault(model)), {
    headers: { 'Cache-Control': 'no-cache' },
  });
});
export const { POST, PUT, PATCH, DELETE } = otherMethods('GET');
