'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { usePreferences } from '@/components/ui/use-preferences';
import type { Classified } from '@/lib/browser/client/client';
import styles from './answer-panel.module.css';
import { curlCommand } from './curl';
import { Doubt } from './doubt';
import type { Explaining } from './explanation/use-explanation';
import { Ranking } from './ranking';
import { Provenance } from './provenance';
import type { ClassifyState } from './use-classify';
import { FailureMessage, Working } from './answer-states';
import { announcement, hiddenSentence } from './words/answer';

/** Loaded with the first answer: it cannot be opened before. */
const CodeDialog = dynamic(() =>
  import('@/components/ui/code-dialog').then((module) => module.CodeDialog),
);

/** Loaded with the first answer. */
const ShareMenu = dynamic(() => import('./share/share-menu').then((module) => module.ShareMenu));
const Verdict = dynamic(() => import('./verdict').then((module) => module.Verdict));

/** Loaded when an explanation is requested. */
const ExplanationPanel = dynamic(() =>
  import('./explanation/explanation-panel').then((module) => module.ExplanationPanel),
);

const JSON_WORDS = {
  server: 'What the server sent.',
  device: 'What this device made; the server answers in the same form.',
} as const;

export interface AnswerPanelProps {
  readonly state: ClassifyState;
  readonly picture: File | undefined;
  /** The answer's key in the history; undefined until it is stored, or if no history is kept. */
  readonly historyKey: number | undefined;
  /** Id of the chosen model; undefined means the server's default model. */
  readonly model: string | undefined;
  readonly onRetry: () => void;
  readonly onCancel: () => void;
  readonly explaining: Explaining;
}

/** The ranked labels, or why there are none. Both have the same height. */
export function AnswerPanel({
  state,
  picture,
  historyKey,
  model,
  onRetry,
  onCancel,
  explaining,
}: AnswerPanelProps) {
  return (
    <div className={styles.panel} aria-busy={state.kind === 'working'}>
      <p className="visually-hidden" role="status">
        {state.kind === 'answered' && announcement(state.classified)}
      </p>
      {state.kind === 'empty' && <Empty />}
      {state.kind === 'working' && <Working role="answers" onCancel={onCancel} />}
      {state.kind === 'answered' && (
        <Answer
          classified={state.classified}
          picture={picture}
          historyKey={historyKey}
          model={model}
          explaining={explaining}
        />
      )}
      {state.kind === 'failed' && <FailureMessage failure={state.failure} onRetry={onRetry} />}
    </div>
  );
}

function Empty() {
  return (
    <p className={styles.empty}>
      You get the most likely names with how sure the model is. It says so when it is not.
    </p>
  );
}

interface AnswerProps extends Pick<
  AnswerPanelProps,
  'picture' | 'historyKey' | 'model' | 'explaining'
> {
  readonly classified: Classified;
}

function Answer({ classified, picture, historyKey, model, explaining }: AnswerProps) {
  const { predictions } = classified.answer;
  const isExplained = explaining.state.kind !== 'off';
  const toggleExplanation = () =>
    isExplained ? explaining.stop() : explaining.explain(predictions[0]!.index);
  const { history, threshold } = usePreferences();
  const keepsHistory = history === 'keep';
  const shown = predictions.filter(({ score }) => score >= Number(threshold));
  const [showsAllNames, setShowsAllNames] = useState(false);
  return (
    <>
      {classified.answer.uncertain && <Doubt classified={classified} />}
      <Ranking
        predictions={shown}
        showsAllNames={showsAllNames}
        isDoubtful={classified.answer.uncertain}
      />
      {shown.length < predictions.length && (
        <p className={styles.note}>
          {hiddenSentence(predictions.length - shown.length, Number(threshold))}
        </p>
      )}
      {keepsHistory && (
        <div className={styles.verdict}>
          {historyKey !== undefined && <Verdict key={historyKey} historyKey={historyKey} />}
        </div>
      )}
      <Provenance classified={classified} />
      <div className={styles.actions}>
        <Button aria-pressed={showsAllNames} onClick={() => setShowsAllNames(!showsAllNames)}>
          {showsAllNames ? 'Short names' : 'All names'}
        </Button>
        <CodeDialog
          trigger="JSON"
          title="The answer as JSON"
          description={JSON_WORDS[classified.on]}
          code={JSON.stringify(classified.answer, null, 2)}
        />
        <CodeDialog
          trigger="Copy as curl"
          title="The request as a command"
          description="Run it in the folder of the picture."
          code={curlCommand(location.origin, picture?.name ?? '', model)}
        />
        <Button aria-pressed={isExplained} onClick={toggleExplanation}>
          Explain
        </Button>
      </div>
      <div className={styles.share}>
        {picture && (
          <ShareMenu
            picture={picture}
            classified={classified}
            explanation={
              explaining.state.kind === 'explained' ? explaining.state.explanation : undefined
            }
          />
        )}
      </div>
      {isExplained && <ExplanationPanel explaining={explaining} predictions={predictions} />}
    </>
  );
}
