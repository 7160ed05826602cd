/** What page and preparing worker say to each other; every request is answered once. */
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
      /** Moved, not copied. */
      readonly png: ArrayBuffer;
      /** Of the picture, in pixels. */
      readonly width: number;
      readonly height: number;
    }
  | { readonly kind: 'failed'; readonly message: string }
);
