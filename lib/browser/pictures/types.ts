/**
 * For the attribute `accept` of file inputs: the formats that the server reads, and others that a
 * browser may read.
 */
export const PICTURE_TYPES = 'image/*,.avif,.heic,.heif,.bmp,.tif,.tiff,.jxl';
