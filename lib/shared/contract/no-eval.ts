import { config } from 'zod/mini';

// The page's Content-Security-Policy forbids evaluating text as code, which Zod would do for speed.
// Import this module before any schema is used.
config({ jitless: true });
