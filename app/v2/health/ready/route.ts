import { getRuntime, openInference, otherMethods, route } from '@/lib/server';

const { oipErrors, ready } = openInference;

export const GET = route('v2-ready', async () => ready(await getRuntime()), oipErrors);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods(oipErrors, 'GET');
