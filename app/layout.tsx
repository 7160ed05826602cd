import '@fontsource-variable/geist';
import '@fontsource-variable/geist-mono';
import './fonts.css';
import './globals.css';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { BackgroundWork } from '@/components/layout/background-work';
import { Header } from '@/components/layout/header';
import { siteAddress } from '@/components/layout/site-address';
import { SkipLink } from '@/components/layout/skip-link';
import { WindowDrop } from '@/components/layout/window-drop';
import { ThemeScript } from '@/components/layout/theme-script';

/** Of the last element, which browsers wait for before they draw anything. */
const END_ID = 'page-end';

const DESCRIPTION =
  'Drop a picture and a model names what it most likely shows, on the server or on your own device.';

/** Links to pictures of this site need its address, which only the request knows. */
export async function generateMetadata(): Promise<Metadata> {
  const address = siteAddress(await headers());
  return {
    ...(address ? { metadataBase: address } : {}),
    title: { default: 'Sightline: what is in your picture?', template: '%s · Sightline' },
    description: DESCRIPTION,
    openGraph: {
      type: 'website',
      siteName: 'Sightline',
      title: 'What is in your picture?',
      description: DESCRIPTION,
      images: [{ url: '/icons/icon-512.png', width: 512, height: 512, alt: 'Sightline' }],
    },
    twitter: { card: 'summary' },
    icons: {
      icon: [
        { url: '/icon.svg', type: 'image/svg+xml' },
        { url: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
      ],
      apple: [{ url: '/icons/apple-touch-icon.png', sizes: '180x180' }],
    },
  };
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fdfdfc' },
    { media: '(prefers-color-scheme: dark)', color: '#111110' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return (
    // The theme script puts a class here before React looks.
    <html lang="en" suppressHydrationWarning>
      <head>
        <ThemeScript nonce={nonce} />
        {/* A page of which the first half is there would be drawn, and moved by the second. */}
        <link rel="expect" href={`#${END_ID}`} blocking="render" />
      </head>
      <body>
        <noscript>
          <p className="no-script">
            Sightline needs JavaScript: pictures are read in your browser before they are sent.
          </p>
        </noscript>
        <WindowDrop>
          <SkipLink />
          <Header />
          {children}
          <BackgroundWork />
          <div id={END_ID} hidden />
        </WindowDrop>
      </body>
    </html>
  );
}
