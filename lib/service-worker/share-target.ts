import {
  SHARE_CACHE,
  SHARE_FIELD,
  SHARE_NAME_HEADER,
  SHARE_PATH,
} from '@/lib/shared/contract/share-target';

/**
 * @returns whether the operating system posted this request because a user shared pictures with the
 *   app
 */
export function isShare(request: Request): boolean {
  return request.method === 'POST' && new URL(request.url).pathname === SHARE_PATH;
}

/**
 * Stores the shared pictures for the page, and redirects the visitor to the page that shows them.
 */
export async function receiveShare(request: Request): Promise<Response> {
  const form = await request.formData();
  const files = form.getAll(SHARE_FIELD).filter((entry) => entry instanceof File);
  const cache = await caches.open(SHARE_CACHE);
  await Promise.all(
    files.map((file, index) =>
      cache.put(
        `${SHARE_PATH}/${index}`,
        new Response(file, {
          headers: {
            'Content-Type': file.type || 'application/octet-stream',
            [SHARE_NAME_HEADER]: encodeURIComponent(file.name),
          },
        }),
      ),
    ),
  );
  return Response.redirect(files.length > 1 ? '/many' : '/', 303);
}
