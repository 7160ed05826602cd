'use client';

import { createElement, useEffect, useState } from 'react';
import { MAIN_ID } from '@/components/layout/skip-link';
import { followViewerAddress } from '@/lib/browser/viewer-address';
import styles from './api-docs.module.css';
import { useThemeColors, type ThemeColors } from './use-theme-colors';

const VIEWER_URL = process.env.API_VIEWER_URL ?? '';
const DOCUMENT_URL = '/api/openapi.json';

type Loading = 'loading' | 'ready' | 'failed';

/** The OpenAPI description in a viewer of its own, which loads here and nowhere else. */
export function ApiDocs() {
  const state = useScript(VIEWER_URL);
  const colors = useThemeColors();
  useEffect(followViewerAddress, []);
  return (
    // The viewer brings the page's `main` with it.
    <div id={MAIN_ID} tabIndex={-1} className={styles.main} aria-busy={state === 'loading'}>
      <section aria-label="About the API">
        <h1 className="visually-hidden">API</h1>
        {state === 'failed' && (
          <p className={styles.note} role="alert">
            The viewer could not be loaded. The description itself is at{' '}
            <a href={DOCUMENT_URL}>{DOCUMENT_URL}</a>.
          </p>
        )}
        {state === 'loading' && <p className={styles.note}>Loading the description of the API…</p>}
      </section>
      {state === 'ready' && colors && <Viewer colors={colors} />}
    </div>
  );
}

function Viewer({ colors }: { colors: ThemeColors }) {
  // It mixes its shades from these once, so another theme is another viewer.
  return createElement('openapi-explorer', {
    key: colors.surface,
    ref: (viewer: HTMLElement | null) => viewer && colorInlineCode(viewer, colors),
    class: styles.viewer,
    'spec-url': DOCUMENT_URL,
    'hide-server-selection': true,
    'bg-color': colors.surface,
    'text-color': colors.ink,
    'header-color': colors.ink,
    'primary-color': colors.accent,
    'secondary-color': colors.accent,
    'nav-bg-color': colors.raised,
    'nav-text-color': colors.ink,
    'nav-hover-bg-color': colors.sunken,
    'nav-hover-text-color': colors.accent,
  });
}

/** Its brown is too dark for a dark theme, and no attribute changes it. */
function colorInlineCode({ shadowRoot }: HTMLElement, { ink }: ThemeColors): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { --inline-code-fg: ${ink} !important; }`);
  shadowRoot?.adoptedStyleSheets.push(sheet);
}

/** Loads a script once; the element it defines stays defined when the visitor comes back. */
function useScript(url: string): Loading {
  const [state, setState] = useState<Loading>('loading');
  useEffect(() => {
    let isHere = true;
    loadOnce(url).then(
      () => isHere && setState('ready'),
      () => isHere && setState('failed'),
    );
    return () => {
      isHere = false;
    };
  }, [url]);
  return state;
}

const loads = new Map<string, Promise<void>>();

function loadOnce(url: string): Promise<void> {
  const known = loads.get(url);
  if (known) return known;
  const load = new Promise<void>((resolve, reject) => {
    const script = document.createElement('script');
    script.src = url;
    script.onload = () => resolve();
    script.onerror = () => {
      loads.delete(url);
      reject(new Error(`${url} could not be loaded.`));
    };
    document.head.append(script);
  });
  loads.set(url, load);
  return load;
}
