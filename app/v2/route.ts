import { openInference, otherMethods, route } from '@/lib/server';

const { oipErrors, serverMetadata } = openInference;

export const GET = route('v2', serverMetadata, oipErrors);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods(oipErrors, 'GET');
