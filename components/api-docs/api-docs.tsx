'use client';

import { createElement, useEffect, useState } from 'react';
import { MAIN_ID } from '@/components/layout/skip-link';
import { followViewerAddress } from '@/lib/browser/viewer-address';
import styles from './api-docs.module.css';
import { useThemeColors, type ThemeColors } from './use-theme-colors';

const VIEWER_URL = process.env.API_VIEWER_URL ?? '';
const DOCUMENT_URL = '/api/openapi.json';

type Loading = 'loading' | 'ready' | 'failed';

/** Shows the OpenAPI description in a third-party viewer, which is loaded on this page only. */
export function ApiDocs() {
  const state = useScript(VIEWER_URL);
  const colors = useThemeColors();
  useEffect(followViewerAddress, []);
  return (
    // The viewer contains its own `main` element.
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
  // The viewer derives its shades once, so a change of theme needs a new element.
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

/** The viewer's brown is too dark for a dark theme, and it has no attribute for that colour. */
function colorInlineCode({ shadowRoot }: HTMLElement, { ink }: ThemeColors): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { --inline-code-fg: ${ink} !important; }`);
  shadowRoot?.adoptedStyleSheets.push(sheet);
}

/**
 * Loads a script once. The custom element that it defines stays defined when the visitor returns.
 */
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
