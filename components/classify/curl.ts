/**
 * The curl command for the same prediction, to be run in the picture's folder.
 *
 * @param origin origin of the server, such as `https://example.org`
 * @param model id of the model; undefined means the server's default model
 */
export function curlCommand(origin: string, fileName: string, model?: string): string {
  const query = model === undefined ? '' : `?model=${encodeURIComponent(model)}`;
  return [
    'curl',
    '-H "Content-Type: application/octet-stream"',
    `--data-binary ${quote(`@./${fileName}`)}`,
    quote(`${origin}/api/predict${query}`),
  ].join(' ');
}

/** Within single quotes a shell takes every character literally, except the single quote. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
