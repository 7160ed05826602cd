/** Entry of `<sightline-classifier>`, which every server serves as /classifier.js. */
import type { Classified } from '../client';
import { Sightline } from '../published/sightline';
import { RUNTIME_CHOICES, type RuntimeChoice } from '../where';
import { ElementCamera } from './camera';
import { createView, showRanking, showStatus, type View } from './view';
import { placeSentence } from './words';

export { Sightline };

const NAME = 'sightline-classifier';

/**
 * Classifies pictures on any page. Attributes: `server`, `key`, `model`, `top-k`, `choice`
 * (automatic, device, server), `prepare` (loads the model onto the device in advance). Events:
 * `sightline-answer` with the answer, `sightline-error` with the error.
 */
export class SightlineClassifier extends HTMLElement {
  #view: View | undefined;
  #camera: ElementCamera | undefined;
  #sightline: Sightline | undefined;
  #asking: AbortController | undefined;
  #pictureUrl: string | undefined;

  connectedCallback(): void {
    this.#sightline = this.#connect();
    if (!this.#view) {
      this.#view = createView(this.attachShadow({ mode: 'open' }));
      this.#camera = new ElementCamera(this.#view);
      this.#listen(this.#view);
    }
    document.addEventListener('paste', this.#onPaste);
    if (this.hasAttribute('prepare')) void this.prepareDevice().catch(() => undefined);
  }

  disconnectedCallback(): void {
    document.removeEventListener('paste', this.#onPaste);
    this.#asking?.abort();
    this.#camera?.stop();
    this.#forgetPicture();
  }

  /** Loads the model onto this device, so that the device can answer when the server cannot. */
  async prepareDevice(): Promise<void> {
    await this.#sightline?.prepareDevice();
  }

  /**
   * Classifies a picture and shows it with its ranking. Cancels the previous picture if it is not
   * answered yet.
   *
   * @returns undefined if it failed; the element then shows the error and sends `sightline-error`
   */
  async classify(picture: File | Blob): Promise<Classified | undefined> {
    if (!this.#view || !this.#sightline) return undefined;
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.#showPicture(this.#view, picture);
    try {
      const { signal } = asking;
      const classified = await this.#sightline.classify(picture, { ...this.#options(), signal });
      showRanking(this.#view, classified.answer.predictions);
      showStatus(this.#view, placeSentence(classified) + doubt(classified));
      this.#tell('sightline-answer', classified);
      return classified;
    } catch (error) {
      if (asking.signal.aborted) return undefined;
      this.#fail(error);
      return undefined;
    }
  }

  #connect(): Sightline {
    const given = (name: string) => this.getAttribute(name) ?? undefined;
    const [server, key, model] = ['server', 'key', 'model'].map(given);
    return new Sightline({
      ...(server === undefined ? {} : { server }),
      ...(key === undefined ? {} : { key }),
      ...(model === undefined ? {} : { model }),
    });
  }

  #options(): { choice: RuntimeChoice; topK?: number } {
    const choice = RUNTIME_CHOICES.find((known) => known === this.getAttribute('choice'));
    const topK = Number(this.getAttribute('top-k') ?? 0);
    return { choice: choice ?? 'automatic', ...(topK >= 1 ? { topK } : {}) };
  }

  #listen({ drop, file, choose, camera }: View): void {
    choose.addEventListener('click', () => file.click());
    file.addEventListener('change', () => {
      this.#take(file.files?.[0]);
      // Without this, choosing the same file again would not fire `change`.
      file.value = '';
    });
    camera.addEventListener('click', () => void this.#pressCamera());
    drop.addEventListener('dragover', (event) => {
      event.preventDefault();
      drop.classList.add('over');
    });
    drop.addEventListener('dragleave', () => drop.classList.remove('over'));
    drop.addEventListener('drop', (event) => {
      event.preventDefault();
      drop.classList.remove('over');
      this.#take(event.dataTransfer?.files[0]);
    });
  }

  /** Handles pasted pictures, except in an input field, which keeps its paste. */
  #onPaste = (event: ClipboardEvent): void => {
    const { target } = event;
    if (target instanceof Element && target.closest('input, textarea, [contenteditable]')) return;
    this.#take(
      [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith('image/')),
    );
  };

  async #pressCamera(): Promise<void> {
    try {
      this.#take(await this.#camera?.press());
    } catch (error) {
      this.#camera?.stop();
      this.#fail(error);
    }
  }

  #take(picture: File | undefined): void {
    if (picture) void this.classify(picture);
  }

  #showPicture(view: View, shown: Blob): void {
    this.#camera?.stop();
    this.#forgetPicture();
    this.#pictureUrl = URL.createObjectURL(shown);
    view.picture.src = this.#pictureUrl;
    view.picture.hidden = false;
    showRanking(view, []);
    showStatus(view, 'Classifying …');
  }

  #forgetPicture(): void {
    if (this.#pictureUrl !== undefined) URL.revokeObjectURL(this.#pictureUrl);
    this.#pictureUrl = undefined;
  }

  #fail(error: unknown): void {
    if (this.#view) showStatus(this.#view, (error as Error).message, true);
    this.#tell('sightline-error', error);
  }

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

function doubt({ answer }: Classified): string {
  return answer.uncertain ? ' The model is not sure.' : '';
}

if (!customElements.get(NAME)) customElements.define(NAME, SightlineClassifier);
