'use client';

import { useSWRConfig } from 'swr';
import useSWR from 'swr/immutable';
import { fetchModelText } from '@/lib/browser/client/models';
import type { ModelSummary } from '@/lib/shared/contract/models';

/** A card without its first words is better than a page that waits for them. */
const PATIENCE_MS = 3_000;

/** Address of what the makers say of their model; undefined where they say nothing. */
export function readMeUrl({ files }: ModelSummary): string | undefined {
  return files.find(({ path }) => path === 'README.md')?.url;
}

/**
 * Whether the first words of all cards are here, or will not come soon. They stand above everything
 * else in a card, which would move when they came later.
 *
 * @param models undefined while the list is on its way
 */
export function useFirstWords(models: readonly ModelSummary[] | undefined): boolean {
  const { mutate } = useSWRConfig();
  const urls = models?.flatMap((model) => readMeUrl(model) ?? []);
  const { data } = useSWR<boolean, Error>(
    urls && ['first words', ...urls],
    async () => {
      const coming = urls!.map((url) => mutate(url, fetchModelText(url), { revalidate: false }));
      await Promise.race([Promise.allSettled(coming), patience()]);
      return true;
    },
    // A folder that is added later takes no other card away.
    { keepPreviousData: true },
  );
  return data === true;
}

function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
}
