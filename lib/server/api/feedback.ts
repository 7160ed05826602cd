import { feedbackRequestSchema } from '@/lib/shared/contract/statistics';
import { ApiError } from '../http/api-error';
import { jsonResponse } from '../http/json-response';
import { getMetrics } from '../metrics/metrics';
import { REPORTED } from '../statistics/fields';
import { areSelected } from '../statistics/reports';
import { claim, parseBody } from './counted-once';
import { LIMITED, UPLOADED, json } from './openapi/parts';
import type { CountedResponse, Route, RouteContext } from './route';
import type { Runtime } from './runtime';

/** POST /api/feedback: right or wrong, each id counted once. */
async function feedback({ request }: RouteContext, runtime: Runtime): Promise<CountedResponse> {
  const given = await parseBody(request, runtime, feedbackRequestSchema);
  const model = runtime.registry.get(given.model);
  const index = model.labels.indexOf(given.label);
  if (index < 0) {
    throw new ApiError('invalid-request', `Model "${model.id}" has no label "${given.label}".`, {
      expected: 'a label as the answer gave it',
      received: given.label,
    });
  }
  const { selected } = given;
  if (!areSelected(selected, model)) {
    throw new ApiError(
      'invalid-request',
      `Model "${model.id}" cannot have selected these labels.`,
      {
        expected: 'indices of different labels, of a multi-label model',
        received: JSON.stringify(selected).slice(0, 100),
      },
    );
  }
  const [isNew] = await claim(runtime, [`feedback:${given.id}`]);
  const answer = { id: given.id, modelId: model.id, index, selected };
  const isOurs =
    given.signature !== undefined && (await runtime.signer.verify(answer, given.signature));
  const prefix = isOurs ? '' : REPORTED;
  if (isNew) getMetrics().countFeedback(given.correct ? 'right' : 'wrong');
  const said = given.correct
    ? [`${prefix}feedback:right`]
    : [
        `${prefix}feedback:wrong`,
        ...(selected ?? [index]).map((wrong) => `${prefix}wrong:${model.id}/${wrong}`),
      ];
  const body = { accepted: isNew ? 1 : 0, duplicates: isNew ? 0 : 1, rejected: 0 };
  return {
    response: jsonResponse(body, { headers: { 'Cache-Control': 'no-store' } }),
    counted: isNew ? said : [],
  };
}

export const feedbackRoute: Route = {
  name: 'feedback',
  method: 'post',
  path: '/api/feedback',
  id: 'giveFeedback',
  tag: 'Predictions',
  summary: 'Say whether an answer was right',
  description:
    '`id` is that of an answer, and counts once. `expectedIndex` may say which class is right.',
  policy: 'report',
  body: json('FeedbackRequest'),
  answers: { 200: { description: 'Whether it was new.', content: json('CountedOnce') } },
  problems: [...UPLOADED, ...LIMITED, 'not-found', 'not-ready'],
  sample: {
    id: '0198f7b0-0000-7000-8000-000000000002',
    model: 'tiny-imagenet-200',
    label: 'espresso',
    correct: true,
  },
  handler: feedback,
};
