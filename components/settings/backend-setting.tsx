'use client';

import { LargeModel } from '@/components/classify/large-model';
import { useDeviceState } from '@/components/classify/use-device';
import { BACKEND_NAMES } from '@/components/classify/words/device';
import { ChoiceList } from '@/components/ui/choice-list';
import { useOnPage } from '@/components/ui/use-on-page';
import { usePreferences } from '@/components/ui/use-preferences';
import { setPreferences } from '@/lib/browser/preferences';
import { comparisonSentence } from './words';
import { useChosenBackend } from './use-chosen-backend';

const WASM = {
  value: 'wasm',
  label: BACKEND_NAMES.wasm,
  hint: 'Runs on the processor of any device.',
} as const;
const WEBGPU = {
  value: 'webgpu',
  label: BACKEND_NAMES.webgpu,
  hint: 'Runs on the graphics card. It is used only if it answers a known picture as WebAssembly does.',
} as const;
/** As many lines, so that nothing moves when the page learns that the browser has none. */
const NO_WEBGPU = {
  ...WEBGPU,
  label: `${WEBGPU.label}: not in this browser`,
  isOff: true,
} as const;

/** The backend on this device, and whether WebGPU passed the comparison. */
export function BackendSetting({ className }: { readonly className: string | undefined }) {
  const { backend } = usePreferences();
  const lacksWebGpu = useOnPage(() => !('gpu' in navigator));
  const device = useDeviceState();
  useChosenBackend();
  return (
    <section className={className}>
      <h2>What the model runs on, on this device</h2>
      <ChoiceList
        name="Backend"
        value={lacksWebGpu ? 'wasm' : backend}
        choices={[WASM, lacksWebGpu ? NO_WEBGPU : WEBGPU]}
        onChange={(next) => setPreferences({ backend: next })}
      />
      <LargeModel />
      <p role="status">{backend === 'webgpu' && comparisonSentence(device)}</p>
    </section>
  );
}
