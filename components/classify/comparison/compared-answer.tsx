'use client';

import answerStyles from '../answer-panel.module.css';
import { FailureMessage, Working } from '../answer-states';
import { Doubt } from '../doubt';
import { Provenance } from '../provenance';
import { Ranking } from '../ranking';
import type { ClassifyState, Question } from '../use-classify';
import { announcement } from '../words/answer';
import styles from './comparison.module.css';
import { useComparison } from './use-comparison';
import { agreementSentence, type Named } from './words';

export interface ComparedAnswerProps {
  /** Id of the second model. */
  readonly model: string;
  readonly first: Named;
  /** The question that the first model was asked. */
  readonly question: Question | undefined;
}

/** The second model's answer, and whether both agree. */
export function ComparedAnswer({ model, first, question }: ComparedAnswerProps) {
  const isFirstFinished = first.state.kind === 'answered' || first.state.kind === 'failed';
  const { state, retry } = useComparison(question, isFirstFinished, model);
  return (
    <>
      <p className={styles.agreement} role="status">
        {agreementSentence(first, { model, state })}
      </p>
      <section className={styles.second} aria-label="Second answer">
        <h2 className={styles.name}>{model}</h2>
        <div className={answerStyles.panel} aria-busy={state.kind === 'working'}>
          <p className="visually-hidden" role="status">
            {state.kind === 'answered' && `${model}: ${announcement(state.classified)}`}
          </p>
          {state.kind === 'empty' && (
            <p className={answerStyles.empty}>What this model makes of the picture appears here.</p>
          )}
          {state.kind === 'working' && <Working role="compared" />}
          {state.kind === 'answered' && <Answer state={state} />}
          {state.kind === 'failed' && <FailureMessage failure={state.failure} onRetry={retry} />}
        </div>
      </section>
    </>
  );
}

function Answer({ state: { classified } }: { state: ClassifyState & { kind: 'answered' } }) {
  return (
    <>
      {classified.answer.uncertain && <Doubt classified={classified} />}
      <Ranking
        predictions={classified.answer.predictions}
        showsAllNames={false}
        isDoubtful={classified.answer.uncertain}
      />
      <Provenance classified={classified} />
    </>
  );
}
