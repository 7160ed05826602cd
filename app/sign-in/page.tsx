import type { Metadata } from 'next';
import { cookies } from 'next/headers';
import { SignInView } from '@/components/sign-in/sign-in-view';
import { HOST_SESSION_COOKIE, SESSION_COOKIE } from '@/lib/shared/contract/sign-in';

export const metadata: Metadata = {
  title: 'Sign in',
  robots: { index: false },
  // The server sets a cookie only for a form that says which page it comes from.
  referrer: 'same-origin',
};

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignInPage({ searchParams }: Props) {
  const { to, refused } = await searchParams;
  const sent = await cookies();
  const hasCookie = sent.has(SESSION_COOKIE) || sent.has(HOST_SESSION_COOKIE);
  return (
    <SignInView to={String(to ?? '/')} refused={String(refused ?? '')} hasCookie={hasCookie} />
  );
}
