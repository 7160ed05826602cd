import { getRuntime, health, otherMethods, route } from '@/lib/server';

export const GET = route('health', async ({ request }) =>
  new URL(request.url).searchParams.get('probe') === 'live'
    ? Response.json({ status: 'ok' }, { headers: { 'Cache-Control': 'no-store' } })
    : health(await getRuntime(), new Date()),
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods('GET');
