/** The only door between app/ and lib/server. */
import 'server-only';

export { routeHandlers } from './process/functions';
