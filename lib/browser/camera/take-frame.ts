/**
 * Takes the current frame of a video as a picture.
 *
 * @returns a PNG in the size of the camera's frames
 * @throws Error if the browser provides no canvas
 */
export async function takeFrame(video: HTMLVideoElement): Promise<File> {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('This browser gives no canvas to draw on.');
  return new File([blob], 'camera.png', { type: 'image/png' });
}
