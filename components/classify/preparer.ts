import { Preparer } from '@/lib/browser/client/prepare/preparer';
import { pageAssets } from '@/lib/browser/page-assets';
import { knownModels, refreshModels } from './use-model';

/** One a page, made where there is a page. */
let preparer: Preparer | undefined;

export function getPreparer(): Preparer {
  return (preparer ??= new Preparer(pageAssets.preparerUrl, { models: modelsOfPage() }));
}

/** What the page asked already; whoever wants them again has reason to think that they changed. */
function modelsOfPage() {
  let ask = knownModels;
  return () => {
    const models = ask();
    ask = refreshModels;
    return models;
  };
}
