import { expect as base } from 'playwright/test';

/** How long is too long to wait, on a machine that is busy; how fast it is belongs in bench/. */
export const EXPECT_TIMEOUT_MS = 60_000;

/** For page objects, which scripts use without the test runner and its configuration. */
export const expect = base.configure({ timeout: EXPECT_TIMEOUT_MS });
