const KEPT =
  /^(config|preprocessor_config|evaluation)\.json$|^(README|EVALUATION)\.md$|^[\w-]+\.txt$/;
const ONNX = /^(?:onnx\/)?(model(?:_\w+)?\.onnx(?:_data(?:_\d+)?|\.data)?)$/;

/**
 * Path of a file in the model folder, from its path in the source; undefined for a file that is not
 * needed. Exporters write model.onnx next to config.json; the hub's layout has it in onnx/.
 */
export function placeOf(file: string): string | undefined {
  if (KEPT.test(file)) return file;
  const onnx = ONNX.exec(file);
  return onnx ? `onnx/${onnx[1]}` : undefined;
}
