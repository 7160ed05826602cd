import { getRuntime, otherMethods, route, uptime } from '@/lib/server';

export const GET = route(async (context) => uptime(context, await getRuntime()));
export const { POST, PUT, PATCH, DELETE } = otherMethods('GET');
