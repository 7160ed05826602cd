/** Reads the code examples of the documents, so that tests can run them unchanged. */
import { readFileSync } from 'node:fs';

export interface Example {
  /** The first word after the fence: the language. */
  readonly language: string;
  /** The text after the language. It names one example among several. */
  readonly name: string;
  readonly code: string;
  /** Number of its first line, from 1. */
  readonly line: number;
}

/** Every fenced block of a Markdown file, in order. */
export function examplesOf(file: string): Example[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^```(\w*) ?([\w-]*)\n([\s\S]*?)^```$/gm)].map(
    ({ 1: language = '', 2: name = '', 3: code = '', index }) => ({
      language,
      name,
      code,
      line: text.slice(0, index).split('\n').length + 1,
    }),
  );
}

/** @throws Error if no example, or more than one, has the name */
export function exampleNamed(file: string, name: string): string {
  const found = examplesOf(file).filter((example) => example.name === name);
  if (found.length === 1) return found[0]!.code;
  throw new Error(`expected one example named ${name} in ${file}, found ${found.length}`);
}
