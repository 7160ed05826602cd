import { directRoutes, otherMethods } from '@/lib/server';

export const POST = directRoutes['POST /api/predict'];
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods('POST');
