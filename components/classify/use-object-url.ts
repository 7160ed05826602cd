'use client';

import { useEffect, useState } from 'react';

/** An address for a picture in memory, given back when the picture changes or goes. */
export function useObjectUrl(picture: Blob): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const created = URL.createObjectURL(picture);
    setUrl(created);
    return () => URL.revokeObjectURL(created);
  }, [picture]);
  return url;
}
