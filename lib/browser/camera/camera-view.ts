import { closeCamera, openCamera } from './camera';

/** Shows the camera in a video element. While the camera is released, its light is off. */
export class CameraView {
  #stream: MediaStream | undefined;

  /** @param onGone called when the camera is unplugged or another program takes it */
  constructor(
    readonly video: HTMLVideoElement,
    private readonly onGone: () => void,
    private readonly cameraId?: string,
  ) {}

  /**
   * Opens the camera and shows its picture.
   *
   * @throws CameraError
   */
  async open(): Promise<void> {
    this.#stream = await openCamera(this.cameraId);
    // `onended` is not called when we stop the track ourselves.
    this.#stream.getTracks().forEach((track) => (track.onended = this.onGone));
    this.video.srcObject = this.#stream;
    await this.video.play();
  }

  /** Id of the open camera. */
  get openId(): string | undefined {
    return this.#stream?.getVideoTracks()[0]?.getSettings().deviceId;
  }

  close(): void {
    if (this.#stream) closeCamera(this.#stream);
    this.#stream = undefined;
  }
}
