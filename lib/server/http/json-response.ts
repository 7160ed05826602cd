const texts = new WeakMap<Response, string>();

/** As `Response.json`, and its text is kept for whoever can send it without reading a stream. */
export function jsonResponse(body: unknown, init: ResponseInit): Response {
  const text = JSON.stringify(body);
  const headers = new Headers(init.headers);
  if (!headers.has('content-type')) headers.set('content-type', 'application/json');
  const response = new Response(text, { ...init, headers });
  texts.set(response, text);
  return response;
}

/** The text of an answer that `jsonResponse` made; undefined of others. */
export function jsonTextOf(response: Response): string | undefined {
  return texts.get(response);
}
