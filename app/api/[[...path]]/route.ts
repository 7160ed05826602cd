import { ApiError, route } from '@/lib/server';

/** Whatever no other route answers, so that programs get problem+json and never a page. */
const notFound = route(({ request }) => {
  const { pathname } = new URL(request.url);
  throw new ApiError('not-found', `There is nothing at ${pathname}.`, { received: pathname });
});

export {
  notFound as GET,
  notFound as POST,
  notFound as PUT,
  notFound as PATCH,
  notFound as DELETE,
};
