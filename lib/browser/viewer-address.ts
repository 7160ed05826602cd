/** How the viewer of the API's description writes the address, which is ours to write. */

/** The viewer dispatches this on `window` instead of writing; `detail` is the whole address. */
export const VIEWER_ADDRESS_EVENT = 'sightline-viewer-address';

/** Its licence wants changed files to say so. */
const NOTICE = '/*! Changed for Sightline: an event tells the address instead of pushState. */';

const WRITES = /window\.history\.pushState\(null,null,([\w$]+\.href)\)/g;

/**
 * Next's router follows every address that somebody else writes, and drops a navigation under way
 * for it: a link that was followed while the viewer still loaded led nowhere.
 *
 * @param script the viewer's
 * @throws Error where another version of it writes the address in another way
 */
export function divertAddress(script: string): string {
  const found = [...script.matchAll(WRITES)].length;
  if (found !== 1) throw new Error(`expected one pushState in the viewer’s script, not ${found}`);
  const changed = script.replace(
    WRITES,
    `window.dispatchEvent(new CustomEvent("${VIEWER_ADDRESS_EVENT}",{detail:$1}))`,
  );
  return `${NOTICE}\n${changed}`;
}

/**
 * Writes what the viewer wants in the address, past Next's router.
 *
 * @returns a function that ends this
 */
export function followViewerAddress(): () => void {
  const write = ({ detail }: CustomEvent<string>) => {
    // What it shows first is no step of the visitor's.
    const method = location.hash === '' ? 'replaceState' : 'pushState';
    // The router leaves alone what bears its own state.
    history[method](history.state, '', detail);
  };
  const listener = (event: Event) => write(event as CustomEvent<string>);
  addEventListener(VIEWER_ADDRESS_EVENT, listener);
  return () => removeEventListener(VIEWER_ADDRESS_EVENT, listener);
}
