/** Messages between the page and the preparing worker. Every request gets one reply. */
import type { Preprocessing } from '@/lib/shared/model/preprocessing';

export interface PrepareRequest {
  readonly requestId: number;
  readonly picture: Blob;
  readonly preprocessing: Preprocessing;
  readonly maxImagePixels: number;
}

export type PrepareReply = { readonly requestId: number } & (
  | {
      readonly kind: 'prepared';
      /** Transferred, not copied. */
      readonly png: ArrayBuffer;
      /** Size of the original picture, in pixels. */
      readonly width: number;
      readonly height: number;
    }
  | { readonly kind: 'failed'; readonly message: string }
);
