import { limitedRoute, otherMethods, predictBatch } from '@/lib/server';

export const POST = limitedRoute('batch', 'batch', predictBatch);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods('POST');
