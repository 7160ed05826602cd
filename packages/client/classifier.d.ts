/** Types of the custom element: classifier.js of each Sightline server, and this package. */
import type { Classified } from './client.js';

export { Sightline } from './client.js';

/** `<sightline-classifier>`: a picture in, a ranking out. */
export declare class SightlineClassifier extends HTMLElement {
  /** Undefined where it failed, which is shown and told by `sightline-error`. */
  classify(picture: File | Blob): Promise<Classified | undefined>;
  prepareDevice(): Promise<void>;
}

declare global {
  interface HTMLElementTagNameMap {
    'sightline-classifier': SightlineClassifier;
  }
}
