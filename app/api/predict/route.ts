import { getRuntime, otherMethods, predict, route } from '@/lib/server';

export const POST = route(async (context) => predict(context, await getRuntime()));
export const { GET, PUT, PATCH, DELETE } = otherMethods('POST');
