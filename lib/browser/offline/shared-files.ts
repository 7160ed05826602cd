import { SHARE_CACHE, SHARE_NAME_HEADER } from '@/lib/shared/contract/share-target';

/** Returns, once, the pictures that another app shared with the installed page. */
export async function takeSharedFiles(): Promise<readonly File[]> {
  // Only secure pages have `caches`, and a private window may refuse them.
  if (typeof caches === 'undefined' || !(await caches.has(SHARE_CACHE).catch(() => false))) {
    return [];
  }
  const cache = await caches.open(SHARE_CACHE);
  const responses = await cache.matchAll();
  const files = await Promise.all(
    responses.map(async (response) => {
      const blob = await response.blob();
      const name = decodeURIComponent(response.headers.get(SHARE_NAME_HEADER) ?? 'picture');
      return new File([blob], name, { type: blob.type });
    }),
  );
  await caches.delete(SHARE_CACHE);
  return files;
}
