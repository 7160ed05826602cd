import { feedback, limitedRoute, otherMethods } from '@/lib/server';

export const POST = limitedRoute('report', 'feedback', feedback);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods('POST');
