/** Every route, in the order of the OpenAPI document. */
import { batchRoute } from './batch';
import { healthRoute } from './health';
import { taskRoute } from './hugging-face/task';
import { metricsRoute } from './metrics';
import { modelFileRoute } from './model-files';
import { modelRoute, modelsRoute } from './models';
import { inferRoute, inferVersionRoute } from './open-inference/infer';
import { modelMetadataRoute, modelVersionMetadataRoute } from './open-inference/model';
import { modelReadyRoute, modelVersionReadyRoute } from './open-inference/model-ready';
import { liveRoute, readyRoute, serverRoute } from './open-inference/server';
import { openApiRoute } from './openapi';
import { predictRoute } from './predict';
import type { Route } from './route';
import {
  feedbackRoute,
  reportRoute,
  statisticsRoute,
  uptimeRoute,
  visualizationsRoute,
} from './statistics';

export const ROUTES: readonly Route[] = [
  predictRoute,
  batchRoute,
  reportRoute,
  feedbackRoute,
  modelsRoute,
  modelRoute,
  uptimeRoute,
  statisticsRoute,
  visualizationsRoute,
  healthRoute,
  metricsRoute,
  openApiRoute(() => ROUTES),
  taskRoute,
  modelFileRoute,
  serverRoute,
  liveRoute,
  readyRoute,
  modelMetadataRoute,
  modelReadyRoute,
  inferRoute,
  modelVersionMetadataRoute,
  modelVersionReadyRoute,
  inferVersionRoute,
];
