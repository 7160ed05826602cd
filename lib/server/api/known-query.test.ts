import { describe, expect, test } from 'vitest';
import { ApiError } from '../http/api-error';
import { refuseUnknownQuery } from './known-query';
import { EXPLAIN, MODEL_ID, MODEL_QUERY, TOP_K, type Parameter } from './openapi/parts';
import { ROUTES } from './routes';

function refusal(path: string, parameters: Parameter[], query: string): object | undefined {
  try {
    refuseUnknownQuery({ path, parameters }, { url: `http://host${path}${query}` });
    return undefined;
  } catch (error) {
    return ApiError.is(error) ? error.toProblem(path) : { unplanned: error };
  }
}

const predict = (query: string) => refusal('/api/predict', [TOP_K, MODEL_QUERY, EXPLAIN], query);

describe('a query', () => {
  test.each(['', '?', '?topK=3', '?topK=3&model=m&explain=true', '?topK=1&topK=2'])(
    'of "%s" is let pass',
    (query) => {
      expect(predict(query)).toBeUndefined();
    },
  );

  test.each([
    ['?topk=3', 'topk', 'topK'],
    ['?model=m&top_k=3', 'top_k', 'topK'],
    ['?modle=m', 'modle', 'model'],
    ['?explian', 'explian', 'explain'],
  ])('of "%s" is refused with the nearest name', (query, received, nearest) => {
    expect(predict(query)).toEqual({
      type: 'invalid-request',
      title: 'The request is not understood',
      status: 400,
      detail: `There is no query parameter "${received}" here. Did you mean "${nearest}"?`,
      instance: '/api/predict',
      expected: 'topK, model, explain',
      received,
    });
  });

  test('that is near to none is refused without a guess', () => {
    const detail = 'There is no query parameter "threshold" here.';
    expect(predict('?threshold=0.5')).toMatchObject({ detail });
  });

  test('where none is known is refused, and the names in the path are none', () => {
    expect(refusal('/api/models/{id}', [MODEL_ID], '?id=m')).toMatchObject({
      expected: 'no query parameter',
      received: 'id',
    });
  });

  test.each(['/v2', '/v2/models/{id}', '/hf/models/{id}'])('at %s is ignored', (path) => {
    expect(refusal(path, [], '?anything=1')).toBeUndefined();
  });
});

test('each of our own routes says that it refuses', () => {
  const own = ROUTES.filter(({ path }) => path.startsWith('/api/'));
  expect(own.filter(({ problems }) => !problems.includes('invalid-request'))).toEqual([]);
});
