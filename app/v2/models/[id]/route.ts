import { getRuntime, openInference, otherMethods, route } from '@/lib/server';

const { modelMetadata, oipErrors } = openInference;

export const GET = route<openInference.ModelParams>(
  'v2-model',
  async (context) => modelMetadata(context, await getRuntime()),
  oipErrors,
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods(oipErrors, 'GET');
