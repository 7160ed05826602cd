import { limitedRoute, otherMethods, predict } from '@/lib/server';

export const POST = limitedRoute('predict', 'predict', predict);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods('POST');
