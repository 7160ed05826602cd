import { limitedRoute, otherMethods, visualizations } from '@/lib/server';

export const GET = limitedRoute('read', 'visualizations', visualizations);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods('GET');
