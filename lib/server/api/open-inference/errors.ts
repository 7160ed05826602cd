import type { ErrorFormat } from '../../http/error-format';

/** Errors as the protocol says them, whatever the status. */
export const oipErrors: ErrorFormat = {
  contentType: 'application/json',
  body: ({ message, expected, received }) => ({
    error: [
      message,
      expected === undefined ? '' : `Expected: ${expected}.`,
      received === undefined ? '' : `Received: ${received}.`,
    ]
      .filter((part) => part !== '')
      .join(' '),
  }),
};
