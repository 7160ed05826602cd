'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import type { Classified } from '@/lib/browser/client/client';
import styles from './answer-panel.module.css';
import { curlCommand } from './curl';
import type { Explaining } from './explanation/use-explanation';
import { Ranking } from './ranking';
import { Provenance } from './provenance';
import type { ClassifyState } from './use-classify';
import { FailureMessage, Working } from './answer-states';
import { announcement, doubt } from './words';

/** Comes with the first answer: nobody opens it before. */
const CodeDialog = dynamic(() =>
  import('@/components/ui/code-dialog').then((module) => module.CodeDialog),
);

/** Comes when somebody asks why. */
const ExplanationPanel = dynamic(() =>
  import('./explanation/explanation-panel').then((module) => module.ExplanationPanel),
);

const JSON_WORDS = {
  server: 'What the server sent.',
  device: 'What this device made; the server answers in the same form.',
} as const;

export interface AnswerPanelProps {
  readonly state: ClassifyState;
  /** Of the picture's file. */
  readonly fileName: string;
  /** Id of the model that was chosen, undefined for the server's default. */
  readonly model: string | undefined;
  readonly onRetry: () => void;
  readonly explaining: Explaining;
}

/** The ranked labels, or why there are none. Its height does not depend on which. */
export function AnswerPanel({ state, fileName, model, onRetry, explaining }: AnswerPanelProps) {
  return (
    <div className={styles.panel} aria-busy={state.kind === 'working'}>
      <p className="visually-hidden" role="status">
        {state.kind === 'answered' && announcement(state.classified)}
      </p>
      {state.kind === 'empty' && <Empty />}
      {state.kind === 'working' && <Working role="answers" />}
      {state.kind === 'answered' && (
        <Answer
          classified={state.classified}
          fileName={fileName}
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

interface AnswerProps extends Pick<AnswerPanelProps, 'fileName' | 'model' | 'explaining'> {
  readonly classified: Classified;
}

function Answer({ classified, fileName, model, explaining }: AnswerProps) {
  const { predictions } = classified.answer;
  const isExplained = explaining.state.kind !== 'off';
  const toggleExplanation = () =>
    isExplained ? explaining.stop() : explaining.explain(predictions[0]!.index);
  const [showsAllNames, setShowsAllNames] = useState(false);
  return (
    <>
      {classified.answer.uncertain && <p className={styles.doubt}>{doubt(predictions)}</p>}
      <Ranking
        predictions={predictions}
        showsAllNames={showsAllNames}
        isDoubtful={classified.answer.uncertain}
      />
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
          code={curlCommand(location.origin, fileName, model)}
        />
        <Button aria-pressed={isExplained} onClick={toggleExplanation}>
          Explain
        </Button>
      </div>
      {isExplained && <ExplanationPanel explaining={explaining} predictions={predictions} />}
    </>
  );
}
