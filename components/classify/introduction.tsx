import type { ModelSummary } from '@/lib/shared/contract/models';
import styles from './introduction.module.css';
import { knowledgeSentence } from './words/knowledge';

/** Says what this page does and what the current model knows. */
export function Introduction({ model }: { readonly model: ModelSummary | undefined }) {
  return (
    <header>
      <h1 className={styles.title}>What is in your picture?</h1>
      <p className={styles.lead}>
        A model names what it most likely shows. {model && knowledgeSentence(model)}
      </p>
    </header>
  );
}
