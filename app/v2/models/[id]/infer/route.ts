import { infer, limitedRoute, openInference, otherMethods } from '@/lib/server';

const { oipErrors } = openInference;

export const POST = limitedRoute<openInference.ModelParams>(
  'predict',
  'v2-infer',
  infer,
  oipErrors,
);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods(oipErrors, 'POST');
