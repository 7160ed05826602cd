/** `explain=true` of /api/predict: where the evidence for a label lies. */
import { z } from 'zod';
import { classActivationMap } from '@/lib/shared/vision/explain/class-activation';
import {
  EXPLANATION_METHODS,
  toExplanation,
  type ExplanationMethod,
  type Grid,
} from '@/lib/shared/vision/explain/heat-map';
import {
  OCCLUSION_BATCH,
  OCCLUSION_INFERENCES,
  occlusionMap,
} from '@/lib/shared/vision/explain/occlusion';
import { layOut } from '@/lib/shared/model/graph-values';
import { afterPreparation } from '@/lib/shared/vision/prepared';
import { seenArea, type ImageTensor } from '@/lib/shared/vision/tensor';
import { ACTIVATIONS_OUTPUT } from '@/lib/shared/model/activations';
import {
  classifyPicture,
  countedOf,
  rankedToCount,
  describePicture,
  type answerPicture,
  type ClassifiedPicture,
  type PredictionRuntime,
} from './classify';
import { ApiError } from '../http/api-error';
import type { ApiRequest } from '../http/api-request';
import type { ModelSignature } from '../inference/task';
import type { ModelFolder } from '../models/folder';

export interface ExplainQuestion {
  /** Undefined: the best method that the model supports. */
  readonly method: ExplanationMethod | undefined;
  /** Undefined: the first label. */
  readonly index: number | undefined;
}

/** Made once: making a schema takes longer than parsing the rest of the query. */
const WORD = z.enum(['true', 'false', ...EXPLANATION_METHODS]);

/** In units of the quota: ten inferences of prepared pixels cost about as much as one picture. */
export const OCCLUSION_COST = Math.ceil(OCCLUSION_INFERENCES / 10);

/** The inputs of one explanation. */
interface Work {
  readonly runtime: PredictionRuntime;
  readonly model: ModelFolder;
  readonly signature: ModelSignature;
  readonly classified: ClassifiedPicture;
  readonly index: number;
  readonly signal: AbortSignal;
}

/**
 * As `answerPicture`, with an explanation. The picture is inferred anew, for the cache has neither
 * activations nor pictures; occlusion takes its turns in the queue like anybody else, so that it
 * holds up nobody for longer than a batch, and ends when its caller has gone.
 *
 * @param charge takes what the explanation costs, before it is made
 * @throws ApiError as `classifyPicture` and `charge`, and `invalid-request` for a method the model
 *   does not offer
 */
export function explainPicture(
  { method: asked, index: wanted }: ExplainQuestion,
  charge: (cost: number) => Promise<void>,
) {
  return async (
    ...[runtime, question, bytes, signal, startedAtMs]: Parameters<typeof answerPicture>
  ): ReturnType<typeof answerPicture> => {
    const { model, isPrepared } = question;
    const signature = runtime.pool.signature(model.id);
    const method = chooseMethod(asked, signature);
    if (method === 'occlusion') await charge(OCCLUSION_COST - 1);
    const needed = method === 'occlusion' ? signature.input.name : ACTIVATIONS_OUTPUT;
    const classified = await classifyPicture(runtime, model, bytes, signal, {
      isPrepared,
      extraOutputs: [needed],
    });
    const { predictions } = describePicture(classified, question, startedAtMs);
    const index = wanted ?? predictions[0]!.index;
    const work = { runtime, model, signature, classified, index, signal };
    const grid =
      method === 'occlusion'
        ? await occlude(work)
        : classActivationMap(classified.extra[0]!, index, model.head);
    const { preprocessing } = model;
    const seen = isPrepared ? afterPreparation(preprocessing) : preprocessing;
    const area = seenArea(classified.prediction, seen);
    const answer = {
      ...describePicture(classified, question, startedAtMs),
      explanation: toExplanation(method, index, grid, area),
    };
    return {
      answer,
      counted: countedOf(classified, model, rankedToCount(classified, model, answer)),
    };
  };
}

function occlude({ runtime, model, signature, classified, index, signal }: Work): Promise<Grid> {
  const { dims, data } = classified.extra[0]!;
  return occlusionMap({
    tensor: { data, dims: dims as ImageTensor['dims'] },
    preprocessing: model.preprocessing,
    index,
    head: model.head,
    temperature: model.calibration.temperature,
    batch: signature.input.shape[0] === -1 ? OCCLUSION_BATCH : 1,
    run: async (batch, batchDims) => {
      const prepared = layOut({ data: batch, dims: batchDims }, signature.input);
      const task = { modelId: model.id, ...prepared, outputs: [signature.logits] };
      const { outputs } = await runtime.pool.infer(task, signal);
      return outputs[0]!.data;
    },
  });
}

function chooseMethod(
  asked: ExplanationMethod | undefined,
  { modelId, hasActivations }: ModelSignature,
): ExplanationMethod {
  if (asked !== 'class-activation')
    return asked ?? (hasActivations ? 'class-activation' : 'occlusion');
  if (hasActivations) return asked;
  throw new ApiError('invalid-request', `The model ${modelId} has no class activations.`, {
    expected: 'explain=true or explain=occlusion',
    received: asked,
  });
}

/**
 * @returns undefined where nothing is to be explained
 * @throws ApiError `invalid-request` for another word, or a class that is none
 */
export function parseExplain(
  request: Pick<ApiRequest, 'url'>,
  { labels }: ModelFolder,
): ExplainQuestion | undefined {
  const search = new URL(request.url).searchParams;
  const text = search.get('explain') ?? 'false';
  const word = WORD.safeParse(text);
  if (!word.success) {
    throw new ApiError('invalid-request', `There is no explanation "${text}".`, {
      expected: `true, false, ${EXPLANATION_METHODS.join(' or ')}`,
      received: text,
    });
  }
  if (word.data === 'false') return undefined;
  const index = parseIndex(search.get('explainIndex'), labels.length);
  return { method: word.data === 'true' ? undefined : word.data, index };
}

function parseIndex(text: string | null, classes: number): number | undefined {
  if (text === null) return undefined;
  const parsed = z.coerce
    .number()
    .int()
    .min(0)
    .max(classes - 1)
    .safeParse(text || undefined);
  if (parsed.success) return parsed.data;
  throw new ApiError('invalid-request', `explainIndex is no class of the model: ${text}.`, {
    expected: `a whole number from 0 to ${classes - 1}`,
    received: text,
  });
}
