/**
 * Import this before onnxruntime-node. Since 1.29 the library reports to its vendor on Linux and
 * macOS unless this variable is in the process's environment when it is loaded. A worker thread has
 * a copy of `process.env` that native code does not see, so the server that starts workers imports
 * this file too.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
