import { Select } from '@/components/ui/select';
import { setPreferences } from '@/lib/browser/preferences';
import type { ComparedModel } from './comparison/use-compared-model';
import styles from './model-picker.module.css';
import type { ChosenModel } from './use-model';

export interface ModelPickerProps {
  readonly model: ChosenModel;
  /** Set where a second model can be chosen. */
  readonly compared?: ComparedModel;
}

/** Chooses the model, and the second model. Shows nothing if there is no choice. */
export function ModelPicker({ model: { used, models, gone }, compared }: ModelPickerProps) {
  const byDefault = models.find((model) => model.default);
  if (models.length < 2 && !gone && !compared?.gone) return null;
  const choose = (id: string) => setPreferences({ model: id === byDefault?.id ? '' : id });
  return (
    <section className={styles.picker} aria-label="Model">
      {models.length > 1 && (
        <div className={styles.line}>
          <span aria-hidden>Model</span>
          <Select
            label="Model that answers"
            value={used ?? byDefault?.id ?? ''}
            options={models.map(({ id }) => ({
              value: id,
              label: id === byDefault?.id ? `${id} (default)` : id,
            }))}
            onChange={choose}
          />
        </div>
      )}
      {compared && models.length > 1 && (
        <div className={styles.line}>
          <span aria-hidden>Compare with</span>
          <Select
            label="Model to compare with"
            value={compared.used ?? ''}
            options={[
              { value: '', label: 'none' },
              ...compared.others.map((id) => ({ value: id, label: id })),
            ]}
            onChange={compared.choose}
          />
        </div>
      )}
      {gone && (
        <p role="status">
          The model {gone} is not on the server any more: {byDefault?.id ?? 'its default model'}{' '}
          answers.
        </p>
      )}
      {compared?.gone && (
        <p role="status">
          The model {compared.gone} is not on the server any more: nothing is compared.
        </p>
      )}
    </section>
  );
}
