import { Page } from '@/components/layout/page';
import { Button } from '@/components/ui/button';
import { SIGN_IN_PATH, SIGN_OUT_PATH, type SignInReason } from '@/lib/shared/contract/sign-in';
import styles from './sign-in-view.module.css';

const REASONS: Readonly<Record<SignInReason, string>> = {
  unknown: 'This server does not know this key, or the key is no longer valid.',
  often: 'Too many wrong keys came from your address. Try again in a minute.',
  later: 'The server cannot look up keys at the moment. Try again in a few seconds.',
  ended: 'Your session has ended. Sign in again to continue.',
};

export interface SignInViewProps {
  /** Address of the requested page. */
  readonly to: string;
  /** Why the form asks for a key again; empty the first time. */
  readonly refused: string;
  /** Whether the browser has a session, valid or not. */
  readonly hasCookie: boolean;
}

/** The page `/sign-in`: a plain form, which works without scripts. */
export function SignInView({ to, refused, hasCookie }: SignInViewProps) {
  const reason = isReason(refused) ? REASONS[refused] : undefined;
  const isWrong = reason !== undefined && refused !== 'ended';
  return (
    <Page
      title="Sign in"
      lead="This server asks for a key. The people who run it issue keys."
      className={styles.view}
    >
      <form method="post" action={SIGN_IN_PATH} className={styles.form}>
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
          aria-invalid={isWrong || undefined}
          aria-describedby={reason === undefined ? 'key-hint' : 'key-hint key-reason'}
        />
        <p id="key-hint" className={styles.hint}>
          It begins with sl_. You stay signed in for 30 days, by a cookie in this browser.
        </p>
        {reason && (
          <p id="key-reason" role="alert" className={isWrong ? styles.error : undefined}>
            {reason}
          </p>
        )}
        <Button type="submit" className={styles.submit}>
          Sign in
        </Button>
      </form>
      {hasCookie && refused !== 'ended' && (
        <form method="post" action={SIGN_OUT_PATH} className={styles.out}>
          <p>This browser is signed in.</p>
          <Button type="submit">Sign out</Button>
        </form>
      )}
    </Page>
  );
}

function isReason(text: string): text is SignInReason {
  return Object.hasOwn(REASONS, text);
}
