import { describe, expect, test } from 'vitest';
import { originForm, refusal } from './gate';

describe('originForm', () => {
  test.each([
    ['/api/health?x=1', '/api/health?x=1'],
    ['http://a.example/api/health?x=1', '/api/health?x=1'],
    ['HTTPS://a.example:444', '/'],
    ['http://a.example?x=1', '/?x=1'],
    ['http://[::/api', '/api'],
    ['/http://a.example/', '/http://a.example/'],
    ['*', '*'],
  ])('of %s is %s', (target, expected) => {
    expect(originForm(target)).toBe(expected);
  });
});

describe('refusal', () => {
  test.each([
    ['GET', '/api/models/%20'],
    ['POST', '/api/predict?topK=%zz'],
    ['OPTIONS', '/'],
    ['GET', '/hf/%E2%82%AC/#%'],
  ])('passes %s %s on', (method, target) => {
    expect(refusal(method, target)).toBeUndefined();
  });

  test.each([
    ['GET', '/api/%zz', 'invalid-request'],
    ['POST', '/api/models/%E0%A4%A?x=1', 'invalid-request'],
    ['GET', '/api/models/%ff', 'invalid-request'],
    ['GET', '/%', 'invalid-request'],
    ['GET', '*', 'invalid-request'],
    ['TRACE', '/api/health', 'method-not-allowed'],
    ['PROPFIND', '/api/%zz', 'method-not-allowed'],
  ])('answers %s %s with %s', (method, target, type) => {
    expect(refusal(method, target)).toMatchObject({ type });
  });
});
