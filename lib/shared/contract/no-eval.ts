import { config } from 'zod/mini';

// The page's Content-Security-Policy lets nothing evaluate text, which the schema library would try
// for speed; imported before any schema is used.
config({ jitless: true });
