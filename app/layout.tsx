import '@fontsource-variable/geist';
import '@fontsource-variable/geist-mono';
import './globals.css';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { BackgroundWork } from '@/components/layout/background-work';
import { Header } from '@/components/layout/header';
import { SkipLink } from '@/components/layout/skip-link';
import { ThemeScript } from '@/components/layout/theme-script';

export const metadata: Metadata = {
  title: { default: 'Sightline', template: '%s · Sightline' },
  description:
    'Drop a picture and see what a model makes of it, on the server or on your own device.',
};

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
      </head>
      <body>
        <SkipLink />
        <Header />
        {children}
        <BackgroundWork />
      </body>
    </html>
  );
}
