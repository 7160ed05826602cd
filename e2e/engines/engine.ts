/** A browser that is driven from outside, in the few words that every engine understands. */
export interface Engine {
  readonly name: string;
  goto(url: string): Promise<void>;
  /** Evaluates an expression in the page, and waits for it if it is a promise; JSON comes back. */
  evaluate(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

/** How long a step in a page may take, on a machine that is busy. */
export const STEP_TIMEOUT_MS = 30_000;

/**
 * Runs a function in the page. It knows nothing of what stands around it; arguments and result are
 * JSON.
 */
export async function run<Parameters extends unknown[], Result>(
  engine: Engine,
  work: (...parameters: Parameters) => Result | Promise<Result>,
  ...parameters: Parameters
): Promise<Result> {
  // Some builds of this file name functions by a helper that the page has not.
  const expression = `(() => { const __name = (work) => work; return (${work.toString()})(...${JSON.stringify(parameters)}); })()`;
  return (await engine.evaluate(expression)) as Result;
}

/**
 * Waits in the page until a function gives something other than `undefined`, `null` or `false`.
 *
 * @throws Error with the page's text, if it does not within the time
 */
export async function until<Parameters extends unknown[], Result>(
  engine: Engine,
  what: string,
  look: (...parameters: Parameters) => Result,
  ...parameters: Parameters
): Promise<NonNullable<Result>> {
  const expression = `new Promise((resolve) => {
    const __name = (work) => work;
    const deadline = performance.now() + ${STEP_TIMEOUT_MS};
    const look = () => {
      const seen = (${look.toString()})(...${JSON.stringify(parameters)});
      if (seen || seen === 0) resolve({ seen });
      else if (performance.now() > deadline) resolve({ text: document.body.innerText });
      else setTimeout(look, 50);
    };
    look();
  })`;
  const { seen, text } = (await engine.evaluate(expression)) as { seen?: Result; text?: string };
  if (text === undefined) return seen as NonNullable<Result>;
  throw new Error(`${engine.name} does not show ${what}; it shows:\n${text}`);
}
