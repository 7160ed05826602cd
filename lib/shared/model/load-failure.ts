/** What onnxruntime says of a model that it cannot load, in words that say what to do. */

const DAMAGED =
  'its bytes are no whole ONNX model; copy or download it again, and compare its size with that ' +
  'of the original';

type Explain = (...found: string[]) => string;

const EXPLAINED: readonly (readonly [RegExp, Explain])[] = [
  [/Protobuf parsing failed|ModelProto does not have a graph/, () => DAMAGED],
  [
    /(\S+?)\(-?\d+\) is not a registered function\/op/,
    (operator) =>
      `onnxruntime does not have the operator ${operator}; export the model without custom operators`,
  ],
  [
    /No Op registered for (\S+) with domain_version of (\d+)/,
    (operator, version) =>
      `onnxruntime does not have the operator ${operator} in version ${version} of its domain; ` +
      'export the model without custom operators, or with another opset',
  ],
  [
    /Could not find an implementation for (\S+?)\(\d+\)/,
    (operator) =>
      `onnxruntime has no ${operator} for these types; export the model as float32, with another opset`,
  ],
  [
    /Unsupported data type: 16|bfloat16/,
    () => 'it takes or gives bfloat16, which is not read here; export it as float32 or float16',
  ],
  [
    /Unsupported model IR version: (\d+), max supported IR version: (\d+)/,
    (version, most) =>
      `its format is newer than what is read here (IR version ${version}, at most ${most}); export ` +
      'it with a lower opset or an older onnx',
  ],
  [
    /opset (\d+) is under development[\s\S]*?till opset (\d+)/i,
    (opset, most) => `it has opset ${opset}; export it with ${most} or lower`,
  ],
  [
    /External initializer: (\S+)[\s\S]*(?:out of bounds|read in full)/,
    (weight) =>
      `the file with its weights ends before those of "${weight}"; copy or download that file again`,
  ],
];

/**
 * @param message as the runtime gives it
 * @returns one sentence without addresses of source files and of this machine, and without a full
 *   stop
 */
export function explainLoadFailure(message: string): string {
  for (const [pattern, explain] of EXPLAINED) {
    const found = pattern.exec(message);
    if (found) return explain(...found.slice(1));
  }
  return message
    .replace(/^Load model from .*? failed:\s*/s, '')
    .replace(/^Exception during initialization:\s*/, '')
    .replace(/\/onnxruntime_src\/\S+:\d+ .*?\)(?=\s[A-Z[])\s*/gs, '')
    .replace(/\[ONNXRuntimeError\] : \d+ : \w+ :\s*/g, '')
    .trim()
    .replace(/\.$/, '');
}
