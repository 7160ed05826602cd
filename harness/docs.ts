/** The examples of the documents, so that tests run them as they stand. */
import { readFileSync } from 'node:fs';

export interface Example {
  /** The first word behind the fence: the language. */
  readonly language: string;
  /** What stands behind the language, which names one example among several. */
  readonly name: string;
  readonly code: string;
  /** Of its first line, from 1. */
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

/** @throws Error where no example, or more than one, has the name */
export function exampleNamed(file: string, name: string): string {
  const found = examplesOf(file).filter((example) => example.name === name);
  if (found.length === 1) return found[0]!.code;
  throw new Error(`expected one example named ${name} in ${file}, found ${found.length}`);
}
