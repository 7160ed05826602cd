import { Page } from '@/components/layout/page';
import { Button } from '@/components/ui/button';
import styles from './sign-in-view.module.css';

const REASONS: Readonly<Record<string, string>> = {
  unknown: 'This key is not known here, or not any more.',
  often: 'Too many wrong keys came from your address. Try again in a minute.',
  later: 'Keys cannot be looked up at the moment. Try again in a few seconds.',
};

export interface SignInViewProps {
  /** The page that was asked for. */
  readonly to: string;
  /** Why the last attempt failed; empty where there was none. */
  readonly refused: string;
}

/** The page `/sign-in`: a plain form, which works before any script does. */
export function SignInView({ to, refused }: SignInViewProps) {
  const reason = Object.hasOwn(REASONS, refused) ? REASONS[refused] : undefined;
  return (
    <Page
      title="Sign in"
      lead="Where this server asks for a key, its pages do too. Whoever runs it makes keys."
      className={styles.view}
    >
      <form method="post" action="/sign-in" className={styles.form}>
        <input type="hidden" name="to" value={to} />
        <label htmlFor="key">Key</label>
        <input
          id="key"
          name="key"
          type="password"
          autoComplete="current-password"
          spellCheck={false}
          required
          autoFocus
          className={styles.field}
          aria-invalid={reason === undefined ? undefined : true}
          aria-describedby={reason === undefined ? 'key-hint' : 'key-hint key-error'}
        />
        <p id="key-hint" className={styles.hint}>
          It begins with sl_. A cookie stands for it in this browser, for 30 days.
        </p>
        {reason && (
          <p id="key-error" role="alert" className={styles.error}>
            {reason}
          </p>
        )}
        <Button type="submit" className={styles.submit}>
          Sign in
        </Button>
      </form>
      <form method="post" action="/sign-out">
        <Button type="submit">Sign out</Button>
      </form>
    </Page>
  );
}
