/**
 * The command that asks the server for the same prediction, from the folder of the picture.
 *
 * @param origin of the server, such as `https://example.org`
 * @param model id of the model; undefined for the server's default
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
