/** What the build bundles: the server, in the folder that it was built into. */
import { startProcess } from './start';

void startProcess({ root: process.cwd(), isDevelopment: false });
