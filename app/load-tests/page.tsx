import type { Metadata } from 'next';
import * as z from 'zod/mini';
import loadTests from '@/bench/results/load-tests.json';
import oldSystem from '@/bench/results/old-system.json';
import { LoadTestsView } from '@/components/load-tests/load-tests-view';
import { loadTestsSchema, oldSystemSchema } from '@/lib/shared/contract/load-tests';

export const metadata: Metadata = { title: 'Load tests' };

export default function LoadTestsPage() {
  const { reports } = z.parse(loadTestsSchema, loadTests);
  return <LoadTestsView reports={reports} oldSystem={z.parse(oldSystemSchema, oldSystem)} />;
}
