/** Files with the name of a model that are something else: what they are, by their first bytes. */

/** As many bytes of the start as are looked at. */
export const KIND_BYTES = 512;

interface Kind {
  readonly is: (head: Uint8Array, text: string) => boolean;
  /** What it is, and what to do. */
  readonly says: string;
}

const startsWith =
  (...bytes: readonly number[]) =>
  (head: Uint8Array) =>
    bytes.every((byte, i) => head[i] === byte);

const EXPORT = 'export the model to ONNX (docs/models.md)';

const KINDS: readonly Kind[] = [
  {
    is: (head) => head.length === 0,
    says: 'it is empty: copy or download it again',
  },
  {
    is: (_, text) => text.startsWith('version https://git-lfs'),
    says: 'it is a Git LFS pointer to the file; get the file itself with "git lfs pull"',
  },
  {
    is: (_, text) => /^\s*<(?:!doctype html|html|head|body)/i.test(text),
    says:
      'it is a web page; download the file itself, whose address on the hub has /resolve/ in place ' +
      'of /blob/',
  },
  {
    is: (_, text) => /^\s*<\?xml/.test(text),
    says: `it is XML, as OpenVINO's models are; ${EXPORT}`,
  },
  {
    is: (head, text) => startsWith(0x50, 0x4b)(head) && /\/(?:data\.pkl|version)|\.pkl/.test(text),
    says: `it is a file of PyTorch (.pt, .pth); ${EXPORT}`,
  },
  {
    is: (head, text) =>
      startsWith(0x50, 0x4b)(head) && /^.{30}(?:metadata|config)\.json/s.test(text),
    says: `it is a file of Keras (.keras); ${EXPORT}`,
  },
  {
    is: startsWith(0x50, 0x4b),
    says: 'it is a ZIP archive; unpack it, and name the folder',
  },
  {
    is: startsWith(0x1f, 0x8b),
    says: 'it is an archive (gzip); unpack it, and name the folder',
  },
  {
    is: (head) => head[0] === 0x80 && head[1]! >= 2 && head[1]! <= 5,
    says: `it is a pickle of Python, as PyTorch and scikit-learn write; ${EXPORT}`,
  },
  {
    is: startsWith(0x89, 0x48, 0x44, 0x46),
    says: `it is an HDF5 file, as Keras writes (.h5); ${EXPORT}`,
  },
  {
    is: (_, text) => text.slice(4, 8) === 'TFL3',
    says: `it is a model of TensorFlow Lite; ${EXPORT}`,
  },
  {
    is: (_, text) => text.slice(4, 8) === 'ORTM',
    says: "it is in onnxruntime's own format (.ort); take the ONNX file that it was made from",
  },
  {
    is: (head, text) => text[8] === '{' && head.slice(5, 8).every((byte) => byte === 0),
    says: `it has weights and no graph (safetensors); ${EXPORT}`,
  },
  {
    is: (_, text) => text.startsWith('GGUF'),
    says: `it has weights and no graph (GGUF); ${EXPORT}`,
  },
  {
    is: (head) => head.length > 1 && head.every((byte) => byte === 0),
    says: 'it begins with zeros, as a copy that broke off: copy or download it again',
  },
];

/** The same without a guess at texts, for files that are not called a model. */
export function knownKind(head: Uint8Array): string | undefined {
  const text = textOf(head);
  return KINDS.find(({ is }) => is(head, text))?.says;
}

function textOf(head: Uint8Array): string {
  return String.fromCharCode(...head.subarray(0, KIND_BYTES));
}

const SHOWN_TEXT = 60;

/**
 * @param head the first KIND_BYTES of the file, or all of a smaller one
 * @returns what the file is and what to do, to go on after "but"; undefined for what may be ONNX
 */
export function otherKind(head: Uint8Array): string | undefined {
  const known = knownKind(head);
  if (known !== undefined) return known;
  const text = textOf(head);
  // A model begins with the field of its version, whose key is no letter.
  if (!/^[\t\n\r -~]+$/.test(text)) return undefined;
  const shown = text.trim().replace(/\s+/g, ' ').slice(0, SHOWN_TEXT);
  return `it is a text: “${shown}”; download the file itself`;
}
