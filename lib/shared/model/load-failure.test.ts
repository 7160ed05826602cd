import { expect, test } from 'vitest';
import { explainLoadFailure } from './load-failure';

test.each([
  [
    'Load model from /home/me/m.onnx failed:/onnxruntime_src/onnxruntime/core/graph/model.cc:202 onnxruntime::Model::Model(onnx::ModelProto&&, const onnxruntime::logging::Logger&) Unsupported model IR version: 20, max supported IR version: 13\n',
    'its format is newer than what is read here (IR version 20, at most 13); export it with a lower opset or an older onnx',
  ],
  [
    'Load model from a.onnx failed:Fatal error: my.ops:MyOp(-1) is not a registered function/op',
    'onnxruntime does not have the operator my.ops:MyOp; export the model without custom operators',
  ],
  [
    'Could not find an implementation for ConvInteger(10) node with name "/c"',
    'onnxruntime has no ConvInteger for these types; export the model as float32, with another opset',
  ],
  [
    'Unsupported data type: 16',
    'it takes or gives bfloat16, which is not read here; export it as float32 or float16',
  ],
  [
    'Load model from /home/me/m.onnx failed:/onnxruntime_src/onnxruntime/core/graph/graph.cc:1555 void onnxruntime::Graph::InitializeStateFromModelFileGraphProto() This is an invalid model. Graph output (scores) does not exist in the graph.\n',
    'This is an invalid model. Graph output (scores) does not exist in the graph',
  ],
  [
    "ENOENT: no such file, stat '/nowhere/model.onnx'",
    "ENOENT: no such file, stat '/nowhere/model.onnx'",
  ],
])('%s', (message, says) => {
  expect(explainLoadFailure(message)).toBe(says);
});
