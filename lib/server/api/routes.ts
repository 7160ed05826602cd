/** Every route, in the order of the OpenAPI document. */
import { batchRoute } from './batch';
import { feedbackRoute } from './feedback';
import { healthRoute } from './health';
import {
  hubFolderRoute,
  hubModelRoute,
  hubModelsRoute,
  hubRevisionRoute,
  hubTreeRoute,
} from './hugging-face/models';
import { taskRoute } from './hugging-face/task';
import { metricsRoute } from './metrics';
import { modelFileRoute } from './model-files';
import { modelRoute, modelsRoute } from './models';
import { modelConfigRoute, modelVersionConfigRoute } from './open-inference/config';
import { inferRoute, inferVersionRoute } from './open-inference/infer';
import { modelMetadataRoute, modelVersionMetadataRoute } from './open-inference/model';
import { modelReadyRoute, modelVersionReadyRoute } from './open-inference/model-ready';
import { repositoryIndexRoute } from './open-inference/repository';
import { liveRoute, readyRoute, serverRoute } from './open-inference/server';
import { modelStatsRoute, modelVersionStatsRoute, statsRoute } from './open-inference/statistics';
import { v1ModelRoute, v1ModelsRoute, v1PredictRoute } from './open-inference/v1';
import { openApiRoute } from './openapi';
import { predictRoute } from './predict';
import { reportRoute } from './report';
import type { Route } from './route';
import { statisticsRoute } from './statistics';
import { uptimeRoute } from './uptime';
import { visualizationsRoute } from './visualizations';

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
  hubModelsRoute,
  hubModelRoute,
  hubRevisionRoute,
  hubTreeRoute,
  hubFolderRoute,
  serverRoute,
  liveRoute,
  readyRoute,
  // Before a model of that name.
  statsRoute,
  repositoryIndexRoute,
  modelMetadataRoute,
  modelConfigRoute,
  modelStatsRoute,
  modelReadyRoute,
  inferRoute,
  modelVersionMetadataRoute,
  modelVersionConfigRoute,
  modelVersionStatsRoute,
  modelVersionReadyRoute,
  inferVersionRoute,
  v1PredictRoute,
  v1ModelsRoute,
  v1ModelRoute,
];
