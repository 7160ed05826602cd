import { NextResponse, type NextRequest } from 'next/server';

/**
 * A Content-Security-Policy with a nonce for each page. Next reads it off the request and gives the
 * nonce to its own scripts. Pages only: bodies that pass through here are cut at 10 MB, so the API
 * must not.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
  const policy = contentSecurityPolicy(nonce);
  const headers = new Headers(request.headers);
  headers.set('Content-Security-Policy', policy);
  headers.set('X-Nonce', nonce);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('Content-Security-Policy', policy);
  return response;
}

function contentSecurityPolicy(nonce: string): string {
  const isDevelopment = process.env.NODE_ENV === 'development';
  const directives = {
    'default-src': "'self'",
    // Reloading while developing evaluates text; nothing else does.
    'script-src': `'self' 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    // Charts and dialogs set style attributes.
    'style-src': "'self' 'unsafe-inline'",
    'img-src': "'self' blob: data:",
    'font-src': "'self' data:",
    'connect-src': `'self'${isDevelopment ? ' ws:' : ''}`,
    'worker-src': "'self' blob:",
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
  };
  return Object.entries(directives)
    .map((directive) => directive.join(' '))
    .join('; ');
}

/** Everything that may be answered with HTML, unknown files and prefetches too. */
export const config = {
  matcher: [
    '/((?!api/|api$|hf/|v1/|v1$|v2/|v2$|_next/static/|sw\\.js$|manifest\\.webmanifest$).*)',
  ],
};
