/**
 * What runs models: the first of EXECUTION_PROVIDERS that works here, tried with a graph of one
 * node.
 */
import './no-telemetry';
import { InferenceSession, listSupportedBackends } from 'onnxruntime-node';
import type { ExecutionProviders } from './task';

/** ONNX, opset 13: y = Identity(x), one float each. */
const ONE_NODE = Buffer.from(
  'CAg6NwoQCgF4EgF5IghJZGVudGl0eRIBZ1oPCgF4EgoKCAgBEgQKAggBYg8KAXkSCgoICAESBAoCCAFCBAoAEA0=',
  'base64',
);
const CPU = 'cpu';

/** Opens a session on one provider alone; rejects where that is not possible. */
export type Attempt = (provider: string) => Promise<void>;

let inUse: readonly string[] = [CPU];

/**
 * Execution providers for new sessions; the processor runs the operators that the first one does
 * not support.
 */
export function providersInUse(): readonly string[] {
  return inUse;
}

/**
 * Chooses what sessions run on, in the order that was asked for.
 *
 * @throws Error with the reason for each, if none works
 */
export async function chooseProvider(
  wanted: readonly string[],
  attempt: Attempt = openOn,
): Promise<ExecutionProviders> {
  const missing: { name: string; reason: string }[] = [];
  for (const name of wanted) {
    const reason = await whyNot(name, attempt);
    if (reason !== undefined) {
      missing.push({ name, reason });
      continue;
    }
    inUse = name === CPU ? [CPU] : [name, CPU];
    return { used: name, missing };
  }
  const reasons = missing.map(({ reason }) => reason).join('; ');
  throw new Error(
    `EXECUTION_PROVIDERS=${wanted.join(',')}: ${reasons}. Add cpu at the end to fall back to the processor`,
  );
}

async function whyNot(name: string, attempt: Attempt): Promise<string | undefined> {
  const known = listSupportedBackends();
  if (!known.some((backend) => backend.name === name)) {
    const names = known.map((backend) => backend.name).join(', ');
    const machine = `${process.platform} on ${process.arch}`;
    return `onnxruntime-node for ${machine} has no ${name}; it has ${names}`;
  }
  try {
    // Every build has the CPU provider.
    if (name !== CPU) await attempt(name);
    return undefined;
  } catch (error) {
    return `${name} does not work here: ${firstSentence((error as Error).message)}${needs(name)}`;
  }
}

async function openOn(provider: string): Promise<void> {
  const session = await InferenceSession.create(ONE_NODE, { executionProviders: [provider] });
  await session.release();
}

const NEEDS: Readonly<Record<string, string>> = {
  cuda: "; it needs an NVIDIA GPU, CUDA 12, cuDNN 9 and onnxruntime's CUDA library, which is not bundled",
  tensorrt:
    "; it needs what cuda does, TensorRT and onnxruntime's library for it, which is not bundled",
  webgpu: '; it needs a GPU with a Vulkan, Metal or Direct3D 12 driver',
};

function needs(name: string): string {
  return NEEDS[name] ?? '';
}

/** The first sentence, without the source file and line that messages begin with. */
function firstSentence(message: string): string {
  const words = message.replace(/^\/\S+?:\d+ .*? was false\. /, '').trim();
  return (/^(.{1,200}?)(?:[.\n]|$)/s.exec(words)?.[1] ?? words.slice(0, 200)).trim();
}
