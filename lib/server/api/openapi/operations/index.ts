/** Every route: what it takes, and each status it answers with. The contract tests hold it to that. */
import { API } from './api';
import { HUGGING_FACE } from './hugging-face';
import { OPEN_INFERENCE } from './open-inference';
import type { Operation } from './parts';

export type { Answer, HeaderName, Operation, Parameter } from './parts';

export const OPERATIONS: readonly Operation[] = [...API, ...HUGGING_FACE, ...OPEN_INFERENCE];
