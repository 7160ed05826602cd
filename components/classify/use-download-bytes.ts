'use client';

import { usePreferences } from '@/components/ui/use-preferences';
import { downloadBytesOf } from '@/lib/browser/client/device/find-model';
import { pageAssets } from '@/lib/browser/page-assets';
import { chosenModel, useModels } from './use-model';

/** Download size of the model for this device; undefined until it is known. */
export function useDownloadBytes(): number | undefined {
  const models = useModels();
  const { backend } = usePreferences();
  const used = chosenModel();
  const model = models.find(({ id, default: isDefault }) =>
    used === undefined ? isDefault : id === used,
  );
  return model && downloadBytesOf(model, pageAssets.builds[backend].wasmBytes);
}
