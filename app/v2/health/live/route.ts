import { openInference, otherMethods, route } from '@/lib/server';

const { live, oipErrors } = openInference;

export const GET = route('v2-live', live, oipErrors);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods(oipErrors, 'GET');
