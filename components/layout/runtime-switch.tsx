'use client';

import { Segmented } from '@/components/ui/segmented';
import { usePreferences } from '@/components/ui/use-preferences';
import { setPreferences } from '@/lib/browser/preferences';
import type { RuntimeChoice } from '@/lib/browser/client/where';

const OPTIONS: readonly { value: RuntimeChoice; label: string }[] = [
  { value: 'automatic', label: 'Automatic' },
  { value: 'device', label: 'This device' },
  { value: 'server', label: 'Server' },
];

/** Where pictures are classified. */
export function RuntimeSwitch() {
  const { runtime } = usePreferences();
  return (
    <Segmented
      label="Where pictures are classified"
      value={runtime}
      options={OPTIONS}
      onChange={(next) => setPreferences({ runtime: next })}
    />
  );
}
