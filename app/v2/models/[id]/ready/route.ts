import { getRuntime, openInference, otherMethods, route } from '@/lib/server';

const { modelReady, oipErrors } = openInference;

export const GET = route<openInference.ModelParams>(
  'v2-model-ready',
  async (context) => modelReady(context, await getRuntime()),
  oipErrors,
);
export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods(oipErrors, 'GET');
