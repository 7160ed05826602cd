/** For `accept` of file inputs: what the server reads, and what a browser may read besides. */
export const PICTURE_TYPES = 'image/*,.avif,.heic,.heif,.bmp,.tif,.tiff,.jxl';
