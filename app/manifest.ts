import type { MetadataRoute } from 'next';

export default function manifest(): MetadataRoute.Manifest {
  return {
    id: '/',
    name: 'Sightline',
    short_name: 'Sightline',
    description: 'See what a model makes of a picture, on the server or on your own device.',
    start_url: '/',
    display: 'standalone',
    background_color: '#fdfdfc',
    theme_color: '#fdfdfc',
    icons: [
      { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
      {
        src: '/icons/icon-maskable-512.png',
        sizes: '512x512',
        type: 'image/png',
        purpose: 'maskable',
      },
    ],
  };
}
