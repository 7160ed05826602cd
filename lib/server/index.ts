/** The only door between app/ and lib/server. */
import 'server-only';

export { ApiError } from './http/api-error';
export { otherMethods, route } from './http/route';
export { unknownPath } from './http/unknown-path';
export { jsonWithEtag } from './http/etag';
export { limitedRoute } from './http/limited-route';
export { directRoutes } from './direct-routes';
export { exposeMetrics } from './metrics/expose';
export { serveModelFile } from './models/serve-file';
export { summarizeModel } from './models/summary';
export { huggingFaceTask } from './compat/hugging-face';
export { infer } from './compat/open-inference/infer';
export * as openInference from './compat/open-inference/metadata';
export { openApiDocument } from './openapi/document';
export { feedback, report, statistics, uptime, visualizations } from './statistics/routes';
export { getRuntime, startServer } from './runtime';
