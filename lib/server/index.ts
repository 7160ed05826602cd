/** The only door between app/ and lib/server. */
import 'server-only';

export { ApiError } from './http/api-error';
export { otherMethods, route } from './http/route';
export { unknownPath } from './http/unknown-path';
export { jsonWithEtag } from './http/etag';
export { limitedRoute } from './http/limited-route';
export { directRoutes } from './api/direct-routes';
export { exposeMetrics } from './api/metrics';
export { serveModelFile } from './api/model-files';
export { summarizeModel } from './models/summary';
export { huggingFaceTask } from './api/hugging-face/task';
export { infer } from './api/open-inference/infer';
export * as openInference from './api/open-inference/metadata';
export { openApiDocument } from './api/openapi/document';
export { feedback, report, statistics, uptime, visualizations } from './api/statistics';
export { getRuntime, startServer } from './process/runtime';
