'use client';

import type { ComponentProps } from 'react';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';

/** Headings of the text are below those of the page. */
const COMPONENTS = {
  h1: (props: ComponentProps<'h3'>) => <h3 {...own(props)} />,
  h2: (props: ComponentProps<'h4'>) => <h4 {...own(props)} />,
  h3: (props: ComponentProps<'h5'>) => <h5 {...own(props)} />,
  table: (props: ComponentProps<'table'>) => (
    <div tabIndex={0} role="region" aria-label="A table of the model card">
      <table {...own(props)} />
    </div>
  ),
};

/** Removes the property that the parser adds and that HTML does not know. */
function own<Props extends object>(props: Props): Props {
  return { ...props, node: undefined };
}

/** Renders text by third parties: without pictures from other servers, and without raw HTML. */
export function Markdown({ text }: { readonly text: string }) {
  return (
    <ReactMarkdown
      remarkPlugins={[remarkGfm]}
      disallowedElements={['img']}
      components={COMPONENTS}
      skipHtml
    >
      {text}
    </ReactMarkdown>
  );
}
