/** The only door between app/ and lib/server. */
import 'server-only';

export { ApiError } from './http/api-error';
export { otherMethods, route } from './http/route';
export { health } from './health';
export { serveModelFile } from './models/serve-file';
export { summarizeModel } from './models/summary';
export { predict } from './predict';
export { getRuntime, startServer } from './runtime';
