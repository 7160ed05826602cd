import { openInference, unknownPath } from '@/lib/server';

const notFound = unknownPath(openInference.oipErrors);

export {
  notFound as GET,
  notFound as POST,
  notFound as PUT,
  notFound as PATCH,
  notFound as DELETE,
  notFound as OPTIONS,
};
