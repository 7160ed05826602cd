/** The build copies the file next to the script; the import gives its file name. */
declare module '*.wasm' {
  const name: string;
  export default name;
}

/** The package ships no types. */
declare module 'omggif' {
  export class GifReader {
    constructor(bytes: Uint8Array);
    readonly width: number;
    readonly height: number;
    decodeAndBlitFrameRGBA(frame: number, pixels: Uint8Array | Uint8ClampedArray): void;
  }
}
