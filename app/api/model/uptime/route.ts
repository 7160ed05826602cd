import { getRuntime, otherMethods, route, uptime } from '@/lib/server';

export const GET = route('uptime', async (context) => uptime(context, await getRuntime()));
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods('GET');
