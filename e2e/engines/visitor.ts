/** What somebody does on the pages and sees there, in any engine. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { run, until, type Engine } from './engine';

export type Choice = 'Automatic' | 'This device' | 'Server';

interface Listening {
  thrown: string[];
}

export class Visitor {
  readonly #engine: Engine;
  readonly #origin: string;

  constructor(engine: Engine, origin: string) {
    this.#engine = engine;
    this.#origin = origin;
  }

  /** Loads a page anew; what its scripts throw is gathered from here on. */
  async open(address: string): Promise<void> {
    await this.#engine.goto(`${this.#origin}${address}`);
    await run(this.#engine, () => {
      const thrown: string[] = [];
      (window as unknown as Listening).thrown = thrown;
      addEventListener('unhandledrejection', ({ reason }) => thrown.push(String(reason)));
      addEventListener('error', ({ message }) => {
        // What an observer of sizes could not deliver in this frame comes in the next.
        if (!message.startsWith('ResizeObserver loop')) thrown.push(message);
      });
    });
  }

  /** Errors and rejections that nothing caught since the page was opened. */
  thrown(): Promise<string[]> {
    return run(this.#engine, () => (window as unknown as Listening).thrown);
  }

  /** Presses what has this name, once the page's scripts listen. */
  async press(name: string): Promise<void> {
    const press = (wanted: string) => {
      const nameOf = (element: Element) =>
        element.getAttribute('aria-label') ?? element.textContent.trim();
      const all = document.querySelectorAll<HTMLElement>('button, a, [role="radio"], summary');
      const found = [...all].find((element) => nameOf(element) === wanted);
      // React's mark of what it has taken over.
      const isHeard = found && Object.keys(found).some((key) => key.startsWith('__react'));
      if (isHeard) found.click();
      return isHeard;
    };
    await until(this.#engine, `a control called ${name}`, press, name);
  }

  /** Goes to another page as a visitor does, whose scripts stay. */
  async follow(href: string): Promise<void> {
    const follow = (wanted: string) => {
      const link = document.querySelector<HTMLElement>(`nav a[href="${wanted}"]`);
      const isHeard = link && Object.keys(link).some((key) => key.startsWith('__react'));
      if (isHeard) link.click();
      return isHeard;
    };
    await until(this.#engine, `a link to ${href}`, follow, href);
    const isThere = (wanted: string) =>
      location.pathname === wanted && document.querySelector('h1') !== null;
    await until(this.#engine, `the page ${href}`, isThere, href);
  }

  async chooseWhere(choice: Choice): Promise<void> {
    await this.press(choice);
    const isChosen = (wanted: string) =>
      [...document.querySelectorAll('[role="radio"][aria-checked="true"]')].some(
        (radio) => radio.textContent === wanted,
      );
    await until(this.#engine, `${choice} as chosen`, isChosen, choice);
  }

  /** @param label of the input for files */
  async give(label: 'Picture file' | 'Picture files', ...files: string[]): Promise<void> {
    const given = await Promise.all(
      files.map(async (file) => ({
        name: path.basename(file),
        base64: (await readFile(file)).toString('base64'),
      })),
    );
    const isHeard = (name: string) => {
      const input = document.querySelector(`input[aria-label="${name}"]`);
      return input !== null && Object.keys(input).some((key) => key.startsWith('__react'));
    };
    await until(this.#engine, `an input called ${label}`, isHeard, label);
    await run(
      this.#engine,
      (name, list) => {
        const transfer = new DataTransfer();
        for (const { name, base64 } of list) {
          const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
          transfer.items.add(new File([bytes], name));
        }
        const input = document.querySelector<HTMLInputElement>(`input[aria-label="${name}"]`)!;
        input.files = transfer.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));
      },
      label,
      given,
    );
  }

  /** Waits for an answer with this word in its first label; gives all that is said of it. */
  async answer(place: 'On the server' | 'On this device', word: string): Promise<string> {
    const look = (where: string, label: string) => {
      const region = document.querySelector<HTMLElement>('section[aria-label="Answer"]');
      const first = region?.querySelector('li')?.textContent ?? '';
      const text = region?.innerText ?? '';
      return first.includes(label) && text.includes(where) && text;
    };
    return until(
      this.#engine,
      `${word}, ${place.toLowerCase()}`,
      look,
      place,
      word,
    ) as Promise<string>;
  }

  /** Waits until a page says something. */
  async reads(text: string): Promise<void> {
    const look = (wanted: string) => document.body.innerText.includes(wanted);
    await until(this.#engine, `“${text}”`, look, text);
  }
}
