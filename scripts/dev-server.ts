/** What `npm run dev` runs, and starts again when the server's sources change. */
import './no-version-check';
import { startProcess } from '../lib/server/process/start';

void startProcess({ root: process.cwd(), isDevelopment: true });
