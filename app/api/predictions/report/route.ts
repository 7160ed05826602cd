import { limitedRoute, otherMethods, report } from '@/lib/server';

export const POST = limitedRoute('report', 'report', report);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods('POST');
