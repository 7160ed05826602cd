import type { Operation, Parameter } from './parts';

export const SAMPLE_ORIGIN = 'http://localhost:3000';

export interface Snippet {
  readonly lang: string;
  readonly label: string;
  readonly source: string;
}

/** Code examples for an operation: curl, TypeScript and Python. */
export function snippets(operation: Operation): Snippet[] {
  const url = `${SAMPLE_ORIGIN}${samplePath(operation)}`;
  return [
    { lang: 'bash', label: 'curl', source: curl(operation, url) },
    { lang: 'typescript', label: 'TypeScript', source: typescript(operation, url) },
    { lang: 'python', label: 'Python', source: python(operation, url) },
  ];
}

function samplePath({ path, parameters = [] }: Operation): string {
  const isIn = (place: Parameter['in']) => parameters.filter((one) => one.in === place);
  const filled = isIn('path').reduce(
    (text, { name, example }) => text.replace(`{${name}}`, example),
    path,
  );
  const [first] = isIn('query');
  return first ? `${filled}?${first.name}=${first.example}` : filled;
}

function curl({ sample }: Operation, url: string): string {
  if (sample === undefined) return `curl '${url}'`;
  if (sample === 'picture')
    return `curl --data-binary @cat.png -H 'Content-Type: application/octet-stream' '${url}'`;
  if (sample === 'pictures') return `curl -F images=@cat.png -F images=@espresso.png '${url}'`;
  return `curl -H 'Content-Type: application/json' -d '${JSON.stringify(sample)}' '${url}'`;
}

function typescript({ sample, answers }: Operation, url: string): string {
  const read = isJson(answers) ? 'json' : 'text';
  const ask = (init: string[]) => [
    init.length === 0
      ? `const response = await fetch('${url}');`
      : `const response = await fetch('${url}', {\n${init.map((line) => `  ${line},`).join('\n')}\n});`,
    'if (!response.ok) throw new Error(await response.text());',
    `console.log(await response.${read}());`,
  ];
  if (sample === undefined) return ask([]).join('\n');
  if (sample === 'picture') {
    const init = ["method: 'POST'", "body: await readFile('cat.png')"];
    return ["import { readFile } from 'node:fs/promises';", '', ...ask(init)].join('\n');
  }
  if (sample === 'pictures') {
    return [
      "import { openAsBlob } from 'node:fs';",
      '',
      'const form = new FormData();',
      "for (const name of ['cat.png', 'espresso.png'])",
      "  form.append('images', await openAsBlob(name), name);",
      ...ask(["method: 'POST'", 'body: form']),
    ].join('\n');
  }
  const body = JSON.stringify(sample, null, 2).replaceAll('\n', '\n  ');
  return ask([
    "method: 'POST'",
    "headers: { 'Content-Type': 'application/json' }",
    `body: JSON.stringify(${body})`,
  ]).join('\n');
}

function python({ sample, answers }: Operation, url: string): string {
  const read = isJson(answers) ? 'json()' : 'text';
  const show = ['response.raise_for_status()', `print(response.${read})`];
  const lines = ['import requests', ''];
  if (sample === undefined) {
    lines.push(`response = requests.get("${url}", timeout=10)`);
  } else if (sample === 'picture') {
    lines.push(
      'with open("cat.png", "rb") as picture:',
      `    response = requests.post("${url}", data=picture, timeout=10)`,
    );
  } else if (sample === 'pictures') {
    lines.push(
      'files = [("images", open(name, "rb")) for name in ("cat.png", "espresso.png")]',
      `response = requests.post("${url}", files=files, timeout=30)`,
    );
  } else {
    lines.push(
      `body = ${pythonLiteral(sample)}`,
      `response = requests.post("${url}", json=body, timeout=10)`,
    );
  }
  return [...lines, ...show].join('\n');
}

function isJson(answers: Operation['answers']): boolean {
  return answers[200]?.content?.['application/json'] !== undefined;
}

function pythonLiteral(value: unknown): string {
  return JSON.stringify(value, null, 4).replace(/: (true|false)/g, (_, word: string) =>
    word === 'true' ? ': True' : ': False',
  );
}
