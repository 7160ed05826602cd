import type { LoadRequest } from './messages';
import type { DeviceSession } from './session';

/** The model in the worker's memory. */
export interface Loaded extends Pick<
  LoadRequest,
  'preprocessing' | 'labels' | 'calibration' | 'head'
> {
  readonly session: DeviceSession;
}
