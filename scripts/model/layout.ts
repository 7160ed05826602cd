const KEPT =
  /^(config|preprocessor_config|evaluation)\.json$|^(README|EVALUATION)\.md$|^[\w-]+\.txt$/;
const ONNX = /^(?:onnx\/)?(model(?:_\w+)?\.onnx(?:_data(?:_\d+)?|\.data)?)$/;

/**
 * Where a file belongs in a model folder, by its path in the one it comes from; undefined for what
 * is not needed. Exporters write model.onnx beside config.json, the hub's layout has it in onnx/.
 */
export function placeOf(file: string): string | undefined {
  if (KEPT.test(file)) return file;
  const onnx = ONNX.exec(file);
  return onnx ? `onnx/${onnx[1]}` : undefined;
}
