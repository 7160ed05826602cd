import { expect as base } from 'playwright/test';

/** Time limit of assertions, long enough for a busy machine. bench/ measures speed. */
export const EXPECT_TIMEOUT_MS = 60_000;

/** For page objects, which scripts use without the test runner and its configuration. */
export const expect = base.configure({ timeout: EXPECT_TIMEOUT_MS });
