// Types of what has none: a file of declarations cannot be imported.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="./assets.d.ts" />

/** Fetches and compiles a decoder, whose name the build gives relative to this script. */
export async function loadWasm(name: string): Promise<WebAssembly.Module> {
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) throw new Error(`${name} came with status ${response.status}.`);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** Starts a decoder once; a start that failed is tried again by the next picture. */
export function once<Module>(start: () => Promise<Module>): () => Promise<Module> {
  let started: Promise<Module> | undefined;
  return () => {
    started ??= start().catch((error: unknown) => {
      started = undefined;
      throw error;
    });
    return started;
  };
}
