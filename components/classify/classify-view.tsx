'use client';

import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { MAIN_ID } from '@/components/layout/skip-link';
import type { Receiver } from '@/lib/browser/many/hand-over';
import { useDrops } from '@/components/layout/use-drops';
import { AnswerPanel } from './answer-panel';
import styles from './classify-view.module.css';
import comparisonStyles from './comparison/comparison.module.css';
import { useComparedModel } from './comparison/use-compared-model';
import { DeviceStatus } from './device-status';
import { HeatOverlay } from './explanation/heat-overlay';
import { useExplanation } from './explanation/use-explanation';
import { Introduction } from './introduction';
import { LiveStrip } from './live-strip';
import { ModelPicker } from './model-picker';
import { PictureFrame } from './picture-frame';
import { useSharedAnswer } from './share/use-shared-answer';
import { Samples, type Sample } from './samples';
import { Sources } from './sources';
import { ThresholdPicker } from './threshold-picker';
import { useAddress } from './use-address';
import { useClassify } from './use-classify';
import { usePreparedDevice } from './use-device';
import { useEscape } from './use-escape';
import { useModel } from './use-model';
import { usePaste } from './use-paste';
import { TEXT_REFUSAL } from './words/failure';

/** Loaded if the address contains an answer. */
const SharedAnswerView = dynamic(() =>
  import('./share/shared-answer').then((module) => module.SharedAnswerView),
);

/** Loaded when the camera is started. */
const LiveView = dynamic(() => import('./live-view').then((module) => module.LiveView));

/** Loaded when a second model is chosen. */
const ComparedAnswer = dynamic(
  () => import('./comparison/compared-answer').then((module) => module.ComparedAnswer),
  { loading: () => <div className={comparisonStyles.coming} /> },
);

/** The page `/`: the picture on the left, the answer on the right. */
export function ClassifyView() {
  const model = useModel();
  const compared = useComparedModel(model);
  useAddress(compared, model.models.length > 0);
  const classify = useClassify(model.used);
  const { state, picture, question, show, refuse, retry, clear } = classify;
  const [hasAnswer, setHasAnswer] = useState(false);
  if (state.kind === 'answered' && !hasAnswer) setHasAnswer(true);
  usePreparedDevice(hasAnswer, model.used);

  const answered = state.kind === 'answered' ? state.classified : undefined;
  const explaining = useExplanation(picture, answered);

  /** 0 without the live camera, else the number of starts: each start is a new view. */
  const [live, setLive] = useState(0);
  const comparedId = live === 0 ? compared.used : undefined;
  const first = model.models.find(({ id, default: isDefault }) =>
    model.used === undefined ? isDefault : id === model.used,
  );
  const firstId = first?.id ?? '';
  const isEmpty = live === 0 && state.kind === 'empty' && comparedId === undefined;
  const startLive = () => setLive((before) => before + 1);

  const [shared, closeShared] = useSharedAnswer();
  const router = useRouter();
  const takeFiles = async (files: readonly File[]) => {
    setLive(0);
    const [first] = files;
    if (files.length === 1 && first) return show(first);
    const { handOver } = await import('@/lib/browser/many/hand-over');
    await handOver(files);
    router.push('/many');
  };
  const refuseText = () => {
    setLive(0);
    refuse({ ...TEXT_REFUSAL, canRetry: false });
  };
  useDrops({
    words: (count) =>
      count === 1 ? 'Drop to classify this picture' : 'Drop to classify them in Many pictures',
    onFiles: (files) => void takeFiles(files),
    onText: refuseText,
  });
  usePaste({ onFile: (file) => void takeFiles([file]), onText: refuseText });
  useEscape(() => (live > 0 ? setLive(0) : clear()));

  const showHandedOver = useRef(show);
  useEffect(() => {
    void takeWaiting('picture').then(([handed]) => handed && showHandedOver.current(handed));
  }, []);

  const pickSample = async ({ file, name }: Sample) => {
    setLive(0);
    try {
      show(await loadSample(file));
    } catch {
      refuse({
        title: `The sample ${name} could not be loaded`,
        detail: 'The server does not answer. A picture of your own works all the same.',
      });
    }
  };

  return (
    <main
      id={MAIN_ID}
      tabIndex={-1}
      className={styles.view}
      data-comparing={comparedId !== undefined}
      data-empty={isEmpty}
    >
      <div className={styles.introduction}>
        <Introduction model={first} />
        {shared && <SharedAnswerView shared={shared} onClose={closeShared} />}
      </div>
      {live === 0 ? (
        <>
          <section className={styles.picture} aria-label="Picture">
            <PictureFrame
              picture={picture}
              overlay={
                answered &&
                explaining.state.kind === 'explained' && (
                  <HeatOverlay
                    explanation={explaining.state.explanation}
                    size={answered.answer.image}
                    opacity={explaining.opacity}
                  />
                )
              }
              isSmall={isEmpty}
              previous={classify.previous?.name}
              onPicture={show}
              onClear={clear}
              onUndo={classify.undo}
            />
            <Sources onPhoto={show} onLive={startLive} />
          </section>
          <div className={styles.answers}>
            <section className={styles.answer} aria-label="Answer">
              {comparedId !== undefined && <h2 className={comparisonStyles.name}>{firstId}</h2>}
              <AnswerPanel
                state={state}
                picture={picture}
                historyKey={classify.historyKey}
                model={model.used}
                onRetry={retry}
                onCancel={classify.cancel}
                explaining={explaining}
              />
              <DeviceStatus />
            </section>
            {comparedId !== undefined && (
              <ComparedAnswer
                key={comparedId}
                model={comparedId}
                first={{ model: firstId, state }}
                question={question}
              />
            )}
          </div>
        </>
      ) : (
        <LiveView
          key={`${live} ${model.used}`}
          onPicture={(frame) => void takeFiles([frame])}
          onStop={() => setLive(0)}
          onRetry={startLive}
        />
      )}
      <div className={styles.samples}>
        <section aria-label="Samples">
          <Samples isLarge={isEmpty} onPick={(sample) => void pickSample(sample)} />
        </section>
        <ModelPicker model={model} compared={compared} />
        <ThresholdPicker />
      </div>
      <LiveStrip />
    </main>
  );
}

/** Takes pictures that were dropped on another page or shared with the installed app. */
async function takeWaiting(receiver: Receiver): Promise<readonly File[]> {
  const { takeHandedOver } = await import('@/lib/browser/many/hand-over');
  const { takeSharedFiles } = await import('@/lib/browser/offline/shared-files');
  return [...(await takeHandedOver(receiver)), ...(await takeSharedFiles())];
}

async function loadSample(file: string): Promise<File> {
  const response = await fetch(`/samples/${file}`);
  if (!response.ok) throw new Error(`The sample came with status ${response.status}.`);
  return new File([await response.blob()], file);
}
