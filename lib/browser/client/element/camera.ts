import type { View } from './view';

/** The camera of the element: the first press opens it, the second takes a picture. */
export class ElementCamera {
  readonly #view: View;
  #stream: MediaStream | undefined;

  constructor(view: View) {
    this.#view = view;
    view.camera.hidden = !navigator.mediaDevices?.getUserMedia;
  }

  /**
   * @returns the picture; undefined if this press has only opened the camera
   * @throws DOMException if the camera is not allowed or does not exist
   */
  async press(): Promise<File | undefined> {
    if (this.#stream) return this.#take();
    const { video, camera, picture } = this.#view;
    this.#stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: 'environment' },
    });
    video.srcObject = this.#stream;
    video.hidden = false;
    picture.hidden = true;
    await video.play();
    camera.textContent = 'Take the picture';
    return undefined;
  }

  stop(): void {
    const { video, camera } = this.#view;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = undefined;
    video.srcObject = null;
    video.hidden = true;
    camera.textContent = 'Camera';
  }

  async #take(): Promise<File> {
    const { video } = this.#view;
    const canvas = document.createElement('canvas');
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext('2d')!.drawImage(video, 0, 0);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    this.stop();
    if (!blob) throw new Error('This browser gave no picture of the camera.');
    return new File([blob], 'camera.png', { type: blob.type });
  }
}
