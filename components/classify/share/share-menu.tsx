'use client';

import { ImageDown, Link2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import type { Classified } from '@/lib/browser/client/client';
import { downloadBlob } from '@/lib/browser/download';
import { MAX_RANKED, toHash } from '@/lib/browser/share/link';
import { shownName } from '@/lib/shared/model/labels';
import { selectedOf } from '@/lib/shared/vision/ranking';
import type { Explanation } from '@/lib/shared/vision/explain/heat-map';
import { doubt } from '../words/answer';

export interface ShareMenuProps {
  readonly picture: File;
  readonly classified: Classified;
  /** The heat map that is shown, if one is. */
  readonly explanation: Explanation | undefined;
}

/** Shares an answer: as a link without the picture, or as an image with it. */
export function ShareMenu({ picture, classified, explanation }: ShareMenuProps) {
  const [said, setSaid] = useState('');
  const copyLink = async () => {
    try {
      await navigator.clipboard.writeText(linkTo(classified, explanation));
      setSaid('The link is copied. It holds the answer and not the picture; nothing is stored.');
    } catch {
      setSaid('Your browser does not let pages copy.');
    }
  };
  const save = async () => {
    try {
      await saveAnswer(picture, classified);
      setSaid('The picture with its answer is saved.');
    } catch {
      setSaid('Your browser cannot draw this picture.');
    }
  };
  return (
    <>
      <Button onClick={() => void copyLink()}>
        <Link2 size={14} aria-hidden />
        Copy link
      </Button>
      <Button onClick={() => void save()}>
        <ImageDown size={14} aria-hidden />
        Save as image
      </Button>
      <p role="status" style={{ flexBasis: '100%' }}>
        {said}
      </p>
    </>
  );
}

function linkTo({ answer }: Classified, explanation: Explanation | undefined): string {
  const explained = answer.predictions.find(({ index }) => index === explanation?.index);
  // A multi-label answer may have more labels than a link can hold; the link gets the best.
  const predictions = answer.predictions.slice(0, MAX_RANKED);
  const hash = toHash({
    model: answer.model.id,
    ranking: predictions.map((prediction) => [shownName(prediction), prediction.score]),
    selected: selectedOf(predictions)?.length,
    uncertain: answer.uncertain,
    image: answer.image,
    map: explanation && explained ? { explanation, label: shownName(explained) } : undefined,
  });
  return `${location.origin}/${hash}`;
}

async function saveAnswer(picture: File, { answer }: Classified): Promise<void> {
  const [{ drawAnswer }, bitmap] = await Promise.all([
    import('@/lib/browser/share/answer-picture'),
    createImageBitmap(picture),
  ]);
  const drawn = await drawAnswer({
    picture: bitmap,
    predictions: answer.predictions,
    doubt: answer.uncertain ? doubt(answer.predictions) : undefined,
    source: `${answer.model.id} · ${location.host}`,
  });
  bitmap.close();
  downloadBlob(`${picture.name.replace(/\.\w+$/, '')}-answer.png`, drawn);
}
