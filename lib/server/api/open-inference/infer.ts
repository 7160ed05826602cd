import PQueue from 'p-queue';
import { MAX_BATCH_IMAGES } from '@/lib/shared/contract/batch';
import type {
  OipRequest,
  OipRequestInput,
  OipResponse,
} from '@/lib/shared/contract/open-inference';
import { rank } from '@/lib/shared/vision/answer';
import { classifyPicture, countedLabels, countedOf, countRanked } from '../../prediction/classify';
import { ApiError } from '../../http/api-error';
import type { ModelSignature, NamedTensor } from '../../inference/task';
import type { ModelFolder } from '../../models/folder';
import { DECODED, INFERRED, LIMITED, MODEL_ID, UPLOADED, VERSION, json } from '../openapi/parts';
import type { CountedResponse, Route, RouteContext } from '../route';
import type { Runtime } from '../runtime';
import { encodeAnswer, HEADER_LENGTH, wantsBinary } from './binary';
import { classesWanted, classify } from './classification';
import { findModel, IMAGE_INPUT, PROBABILITIES } from './metadata';
import { readQuestion, type InferenceQuestion } from './question';
import {
  graphOutputOf,
  maxJsonValues,
  probabilitiesOf,
  readFloats,
  readPictures,
  stack,
  toOutput,
} from './tensors';

const OCTETS = 'application/octet-stream';

/** A checked request. */
interface Inference {
  readonly runtime: Runtime;
  readonly model: ModelFolder;
  readonly signature: ModelSignature;
  readonly input: OipRequestInput;
  /** The input's values, if they were sent as bytes and not in the JSON. */
  readonly values: Uint8Array | undefined;
  /** The requested outputs of the graph; always includes the logits. */
  readonly graphOutputs: readonly string[];
  readonly signal: AbortSignal;
  readonly charge: RouteContext['charge'];
}

interface Inferred {
  readonly tensors: readonly NamedTensor[];
  readonly counted: readonly string[];
}

/** POST /v2/models/{id}/infer: a tensor that is ready for the model, or encoded pictures. */
export async function infer(
  { request, params, answerId, charge, notes }: RouteContext,
  runtime: Runtime,
): Promise<CountedResponse> {
  const model = findModel(runtime, params);
  notes.model = model.id;
  // Refuses a model that cannot be used before reading the body.
  const { input } = runtime.pool.signature(model.id);
  const question = await readQuestion(request, runtime.settings, maxJsonValues(input));
  const { tensors, counted } = await inferTensors(question, model, {
    runtime,
    signal: request.signal,
    charge,
  });
  const { request: asked } = question;
  const body: OipResponse = {
    model_name: model.id,
    model_version: model.version,
    id: asked.id ?? answerId,
    outputs: tensors.map((tensor) => {
      const wanted = classesWanted(asked, tensor.name);
      return wanted === undefined ? toOutput(tensor) : classify(tensor, model.labels, wanted);
    }),
  };
  return { response: toResponse(body, asked), counted: ['n:predictions', ...counted] };
}

/**
 * The requested outputs, in the order of the request, for pictures or for the model's own input.
 *
 * @throws ApiError `invalid-request` for what does not fit the model, and as `classifyPicture`
 */
export async function inferTensors(
  { request: asked, bytes }: InferenceQuestion,
  model: ModelFolder,
  { runtime, signal, charge }: Pick<Inference, 'runtime' | 'signal' | 'charge'>,
): Promise<Inferred> {
  const signature = runtime.pool.signature(model.id);
  const names = outputNames(asked, signature);
  const { logits, outputs } = signature;
  const graphOutputs = outputs
    .map(({ name }) => name)
    .filter((name) => name === logits || names.includes(name));
  const input = onlyInput(asked, signature);
  const values = bytes.get(input.name);
  const work = { runtime, model, signature, input, values, graphOutputs, signal, charge };
  const { tensors, counted } =
    input.name === IMAGE_INPUT ? await inferPictures(work) : await inferTensor(work);
  const all = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const logitsTensor = all.get(logits)!;
  const tensorOf = (name: string) => {
    if (name === PROBABILITIES) return probabilitiesOf(logitsTensor, PROBABILITIES, model);
    if (name !== logits) return all.get(name)!;
    return graphOutputOf(logitsTensor, signature, model.labels.length);
  };
  return { tensors: names.map(tensorOf), counted };
}

function toResponse(answer: OipResponse, asked: OipRequest): Response {
  const { body, jsonBytes } = encodeAnswer(answer, (name) => wantsBinary(asked, name));
  const headers = new Headers({ 'Cache-Control': 'no-store' });
  headers.set('Content-Type', jsonBytes === undefined ? 'application/json' : OCTETS);
  if (jsonBytes !== undefined) headers.set(HEADER_LENGTH, String(jsonBytes));
  return new Response(body, { headers });
}

/** The model has one input, in one of two forms. */
function onlyInput({ inputs }: OipRequest, { input }: ModelSignature): OipRequestInput {
  const [only] = inputs;
  if (inputs.length === 1 && only && [input.name, IMAGE_INPUT].includes(only.name)) return only;
  throw new ApiError('invalid-request', 'The model takes one input.', {
    expected: `one input, "${input.name}" (FP32) or "${IMAGE_INPUT}" (BYTES)`,
    received: inputs.map(({ name }) => `"${name}"`).join(', '),
  });
}

function outputNames({ outputs: wanted }: OipRequest, { outputs }: ModelSignature): string[] {
  const known = [...new Set([...outputs.map(({ name }) => name), PROBABILITIES])];
  if (!wanted || wanted.length === 0) return known;
  const names = [...new Set(wanted.map(({ name }) => name))];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names;
  throw new ApiError('invalid-request', `The model has no output "${unknown}".`, {
    expected: known.join(', '),
    received: unknown,
  });
}

async function inferTensor(work: Inference): Promise<Inferred> {
  const { runtime, model, signature, input, graphOutputs, signal } = work;
  const data = readFloats(input, signature.input, work.values);
  await work.charge(input.shape[0]! - 1);
  const task = { modelId: model.id, data, dims: input.shape, outputs: graphOutputs };
  const { outputs: tensors, queueMs, inferenceMs } = await runtime.pool.infer(task, signal);
  const logits = tensors.find(({ name }) => name === signature.logits)!;
  // Throws if a logit is not finite, before the prediction is counted.
  toOutput(logits);
  runtime.predictionCounter.countExecution(model.id, { queueMs, decodeMs: 0, inferenceMs });
  const rows = input.shape[0]!;
  const elapsedMs = (queueMs + inferenceMs) / rows;
  const classes = model.labels.length;
  const counted = Array.from({ length: rows }, (_, row) => {
    runtime.predictionCounter.count({ modelId: model.id, elapsedMs, isCached: false }, new Date());
    const own = logits.data.subarray(row * classes, (row + 1) * classes);
    return countRanked(model, rank({ logits: own }, model, countedLabels(model)));
  });
  return { tensors, counted: counted.flat() };
}

async function inferPictures(work: Inference): Promise<Inferred> {
  const { runtime, input } = work;
  const pictures = readPictures(input, runtime.settings.maxUploadBytes, work.values);
  await work.charge(pictures.length - 1);
  const queue = new PQueue({ concurrency: runtime.pool.workers * 2 });
  const answers = await Promise.all(
    pictures.map((bytes) => queue.add(() => inferPicture(work, bytes))),
  );
  const tensors = work.graphOutputs.map((_, i) => stack(answers.map((one) => one.tensors[i]!)));
  return { tensors, counted: answers.flatMap(({ counted }) => counted) };
}

/** The cache has only logits; other outputs need a new inference. */
async function inferPicture(work: Inference, bytes: Uint8Array<ArrayBuffer>): Promise<Inferred> {
  const { runtime, model, signature, graphOutputs, signal } = work;
  const extraOutputs = graphOutputs.filter((name) => name !== signature.logits);
  const classified = await classifyPicture(runtime, model, bytes, signal, { extraOutputs });
  const { logits } = classified.prediction;
  const all: NamedTensor[] = [
    { name: signature.logits, dims: [1, logits.length], data: logits as Float32Array<ArrayBuffer> },
    ...classified.extra,
  ];
  const ranked = rank(classified.prediction, model, countedLabels(model));
  return {
    tensors: graphOutputs.map((name) => all.find((tensor) => tensor.name === name)!),
    counted: countedOf(classified, model, ranked),
  };
}

export const inferRoute: Route = {
  name: 'v2-infer',
  path: '/v2/models/{id}/infer',
  id: 'v2Infer',
  parameters: [MODEL_ID],
  method: 'post',
  tag: 'Open Inference Protocol',
  summary: 'Infer',
  description: `Either the model’s own input as FP32, prepared by you, or a tensor \`image\` of datatype BYTES with encoded pictures in base64, prepared here; up to ${MAX_BATCH_IMAGES} pictures. Outputs are those of the graph, and \`probabilities\`. Each row costs one of the quota.`,
  policy: 'predict',
  errors: 'error',
  body: json('InferenceRequest'),
  answers: { 200: { description: 'The outputs.', content: json('InferenceResponse') } },
  problems: [...UPLOADED, ...DECODED, ...LIMITED, ...INFERRED, 'not-found'],
  sample: {
    id: '42',
    inputs: [{ name: 'image', shape: [1], datatype: 'BYTES', data: ['<base64 of a picture>'] }],
    outputs: [{ name: 'probabilities' }],
  },
  handler: infer,
};

export const inferVersionRoute: Route = {
  ...inferRoute,
  path: '/v2/models/{id}/versions/{version}/infer',
  id: 'v2VersionInfer',
  parameters: [MODEL_ID, VERSION],
};
