// The WebAssembly files have no types, and TypeScript cannot import a declaration file.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="./assets.d.ts" />

/**
 * Fetches and compiles a decoder. `name` is its address relative to this script, as the build gives
 * it.
 */
export async function loadWasm(name: string): Promise<WebAssembly.Module> {
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) throw new Error(`${name} came with status ${response.status}.`);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** Starts a decoder once. If the start fails, the next picture tries again. */
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
