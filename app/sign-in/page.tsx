import type { Metadata } from 'next';
import { SignInView } from '@/components/sign-in/sign-in-view';

export const metadata: Metadata = {
  title: 'Sign in',
  robots: { index: false },
  // The form says where it comes from, which the server wants to know before it sets a cookie.
  referrer: 'same-origin',
};

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignInPage({ searchParams }: Props) {
  const { to, refused } = await searchParams;
  return <SignInView to={String(to ?? '/')} refused={String(refused ?? '')} />;
}
