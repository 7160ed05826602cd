/** The only door to onnxruntime-node: it must not be loaded before its telemetry is off. */
import './no-telemetry';

export { InferenceSession, Tensor } from 'onnxruntime-node';
