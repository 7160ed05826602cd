import { directRoutes, otherMethods } from '@/lib/server';

export const POST = directRoutes['POST /api/predict/batch'];
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods('POST');
