import { directRoutes, otherMethods } from '@/lib/server';

export const GET = directRoutes['GET /api/health'];
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods('GET');
