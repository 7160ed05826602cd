import { Select } from '@/components/ui/select';
import { setPreferences } from '@/lib/browser/preferences';
import styles from './model-picker.module.css';
import type { ChosenModel } from './use-model';

/** Which model answers; nothing where there is no choice. */
export function ModelPicker({ model: { used, models, gone } }: { readonly model: ChosenModel }) {
  const byDefault = models.find((model) => model.default);
  if (models.length < 2 && !gone) return null;
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
      {gone && (
        <p role="status">
          The model {gone} is not on the server any more: {byDefault?.id ?? 'its default model'}{' '}
          answers.
        </p>
      )}
    </section>
  );
}
