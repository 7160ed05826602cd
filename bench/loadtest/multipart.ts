/** Builds multipart forms as ready bytes, because streams would slow the load generator. */
const BOUNDARY = 'sightline-load-test-6f1f7d0c';

export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

export function pictureForm(field: string, pictures: readonly Buffer[]): Buffer {
  const parts = pictures.flatMap((picture, i) => [
    Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"; filename="${i + 1}.jpg"\r\n` +
        'Content-Type: image/jpeg\r\n\r\n',
    ),
    picture,
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}
