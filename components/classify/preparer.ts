import { Preparer } from '@/lib/browser/client/prepare/preparer';
import { pageAssets } from '@/lib/browser/page-assets';
import { knownModels, refreshModels } from './use-model';

/** One preparer per page; never created on the server. */
let preparer: Preparer | undefined;

export function getPreparer(): Preparer {
  return (preparer ??= new Preparer(pageAssets.preparerUrl, { models: modelsOfPage() }));
}

/**
 * The first call uses the list that the page has already requested; later calls request it again,
 * because models may have changed.
 */
function modelsOfPage() {
  let ask = knownModels;
  return () => {
    const models = ask();
    ask = refreshModels;
    return models;
  };
}
