import { closeCamera, openCamera } from './camera';

/** The camera in a video element. It can be released for a while, and its light goes out. */
export class CameraView {
  #stream: MediaStream | undefined;

  /** @param onGone called when the camera is unplugged or another program takes it */
  constructor(
    readonly video: HTMLVideoElement,
    private readonly onGone: () => void,
    private readonly cameraId?: string,
  ) {}

  /**
   * Shows what the camera sees.
   *
   * @throws CameraError
   */
  async open(): Promise<void> {
    this.#stream = await openCamera(this.cameraId);
    // Closing it ourselves does not end a track in this sense.
    this.#stream.getTracks().forEach((track) => (track.onended = this.onGone));
    this.video.srcObject = this.#stream;
    await this.video.play();
  }

  /** Id of the camera that is open. */
  get openId(): string | undefined {
    return this.#stream?.getVideoTracks()[0]?.getSettings().deviceId;
  }

  close(): void {
    if (this.#stream) closeCamera(this.#stream);
    this.#stream = undefined;
  }
}
