/** The routes under /hf, as Hugging Face's clients know them. */
import {
  LIMITED,
  UPLOADED,
  DECODED,
  INFERRED,
  MODEL_ID,
  json,
  BYTES,
  type Operation,
} from './parts';

export const HUGGING_FACE: readonly Operation[] = [
  {
    method: 'post',
    path: '/hf/models/{id}',
    id: 'huggingFaceTask',
    tag: 'Hugging Face',
    summary: 'Image classification as Hugging Face’s clients ask for it',
    policy: 'predict',
    parameters: [MODEL_ID],
    body: { 'application/octet-stream': { schema: BYTES }, ...json('HuggingFaceRequest') },
    answers: {
      200: {
        description: 'Labels with scores.',
        content: json('HuggingFaceResponse'),
        headers: ['X-Cache'],
      },
    },
    problems: [...UPLOADED, ...DECODED, ...LIMITED, ...INFERRED, 'not-found'],
    sample: 'picture',
  },
  {
    method: 'get',
    path: '/hf/{id}/resolve/{revision}/{path}',
    id: 'getModelFile',
    tag: 'Hugging Face',
    summary: 'A file of a model, as a hub serves it',
    description: 'One byte range is honoured. With a revision that is a hash it never changes.',
    parameters: [
      MODEL_ID,
      {
        name: 'revision',
        in: 'path',
        description: '`main`, or the model’s revision.',
        schema: { type: 'string' },
        example: 'main',
      },
      {
        name: 'path',
        in: 'path',
        description: 'Path in the folder, slashes included.',
        schema: { type: 'string' },
        example: 'config.json',
      },
    ],
    answers: {
      200: { description: 'The file.', content: { '*/*': { schema: BYTES } }, headers: ['ETag'] },
      206: {
        description: 'A part of it.',
        content: { '*/*': { schema: BYTES } },
        headers: ['ETag'],
      },
      304: { description: 'As If-None-Match has it already.', headers: ['ETag'] },
      416: { description: 'The range lies outside.' },
    },
    problems: ['not-found'],
  },
];
