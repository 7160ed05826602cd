const texts = new WeakMap<Response, string>();

interface JsonInit {
  readonly status?: number;
  readonly contentType?: string;
  /** Without a content type, which has a field of its own. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A JSON response; `jsonTextOf` gives its text, so that no stream has to be read. */
export function jsonResponse(body: unknown, init: JsonInit): Response {
  return jsonTextResponse(JSON.stringify(body), init);
}

/** As `jsonResponse`, for JSON text. */
export function jsonTextResponse(text: string, init: JsonInit): Response {
  const { status = 200, contentType = 'application/json', headers } = init;
  const response = new Response(text, {
    status,
    headers: { ...headers, 'Content-Type': contentType },
  });
  texts.set(response, text);
  return response;
}

/** The text of an answer made by `jsonResponse`; undefined for other answers. */
export function jsonTextOf(response: Response): string | undefined {
  return texts.get(response);
}
