import { exposeMetrics, otherMethods, route } from '@/lib/server';

export const GET = route('metrics', exposeMetrics);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods('GET');
