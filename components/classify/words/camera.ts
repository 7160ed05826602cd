/** Explains why the live camera does not work, and what to do about it. */
import type { CameraProblem } from '@/lib/browser/camera/camera';
import type { Failure } from './failure';

export function describeCamera(problem: CameraProblem): Failure {
  switch (problem) {
    case 'insecure':
      return {
        title: 'Browsers give the camera to secure pages only',
        detail: 'Open this page with https:// and the camera works.',
        canRetry: false,
      };
    case 'denied':
      return {
        title: 'This page may not use the camera',
        detail: 'Allow it in the settings of the page, beside the address, and try again.',
      };
    case 'absent':
      return {
        title: 'No camera was found',
        detail: 'Connect one and try again, or choose a picture.',
      };
    case 'busy':
      return {
        title: 'The camera does not deliver pictures',
        detail: 'Another program may be using it. Close that and try again.',
      };
    case 'unknown':
      return { title: 'The camera does not open', detail: 'Try again, or choose a picture.' };
  }
}
