import { assertFinite } from '@/lib/shared/vision/ranking';
import { imageToTensor } from '@/lib/shared/vision/tensor';
import { ACTIVATIONS_OUTPUT } from '@/lib/shared/model/activations';
import { spreadOfActivations } from '@/lib/shared/vision/uncertainty';
import { afterPreparation } from '@/lib/shared/vision/prepared';
import { decodeImage, type DecodeLimits } from '../intake/decode';
import { decodePrepared } from './decode-prepared';
import type { LoadedModel } from './session';
import type { ClassifyResult, ClassifyTask } from './task';

/**
 * Decodes a picture, preprocesses it and runs the model. Every worker uses this function.
 *
 * @param picture with outputs that are wanted beside the logits
 * @throws Error if the model cannot be run, or gives what is not finite
 */
export async function classifyBytes(
  model: LoadedModel,
  task: Pick<ClassifyTask, 'bytes' | 'isPrepared' | 'extraOutputs'>,
  limits: DecodeLimits,
): Promise<ClassifyResult> {
  const { bytes, isPrepared = false, extraOutputs = [] } = task;
  const startedAtMs = performance.now();
  const decoded = isPrepared
    ? await decodePrepared(bytes, model.preprocessing, limits)
    : await decodeImage(bytes, limits);
  if (!decoded.ok) return decoded;
  const decodedAtMs = performance.now();
  const { preprocessing } = model;
  const rest = isPrepared ? afterPreparation(preprocessing) : preprocessing;
  const tensor = imageToTensor(decoded.image, rest);
  const { logits: logitsName, outputs, input } = model.signature;
  const outputsActivations = outputs.some(({ name }) => name === ACTIVATIONS_OUTPUT);
  const always = outputsActivations ? [logitsName, ACTIVATIONS_OUTPUT] : [logitsName];
  const wanted = extraOutputs.filter((name) => name !== input.name);
  const tensors = await model.graph.runPrepared(tensor, [...new Set([...always, ...wanted])]);
  const find = (sought: string) => tensors.find(({ name }) => name === sought);
  const logits = find(logitsName)!;
  assertFinite(logits.data);
  return {
    ok: true,
    width: decoded.image.width,
    height: decoded.image.height,
    logits: logits.data,
    // Made from the tail they are there for some pictures only.
    activationEnergySpread: outputsActivations
      ? spreadOfActivations(find(ACTIVATIONS_OUTPUT))
      : undefined,
    extra: extraOutputs.map((name) => (name === input.name ? { name, ...tensor } : find(name)!)),
    decodeMs: decodedAtMs - startedAtMs,
    inferenceMs: performance.now() - decodedAtMs,
  };
}
