import {
  SHARE_CACHE,
  SHARE_FIELD,
  SHARE_NAME_HEADER,
  SHARE_PATH,
} from '@/lib/shared/contract/share-target';

/** @returns whether a request is what the system posts when somebody shares pictures with us */
export function isShare(request: Request): boolean {
  return request.method === 'POST' && new URL(request.url).pathname === SHARE_PATH;
}

/** Keeps the shared pictures for the page and sends the visitor to the page that shows them. */
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
