/** The process of `npm run dev`. It is restarted when the server's sources change. */
import './no-version-check';
import { startProcess } from '../lib/server/process/start';

void startProcess({ root: process.cwd(), isDevelopment: true });
