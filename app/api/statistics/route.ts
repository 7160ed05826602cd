import { limitedRoute, otherMethods, statistics } from '@/lib/server';

export const GET = limitedRoute('read', 'statistics', statistics);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods('GET');
