import type { MetadataRoute } from 'next';
import { SHARE_FIELD, SHARE_PATH } from '@/lib/shared/contract/share-target';

export default function manifest(): MetadataRoute.Manifest {
  return {
    id: '/',
    name: 'Sightline',
    short_name: 'Sightline',
    description: 'See what a model makes of a picture, on the server or on your own device.',
    start_url: '/',
    display: 'standalone',
    categories: ['photo', 'utilities'],
    shortcuts: [
      { name: 'Many pictures', url: '/many' },
      { name: 'History', url: '/history' },
    ],
    share_target: {
      action: SHARE_PATH,
      method: 'POST',
      enctype: 'multipart/form-data',
      params: { files: [{ name: SHARE_FIELD, accept: ['image/*'] }] },
    },
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
