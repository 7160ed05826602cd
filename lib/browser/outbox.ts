/** What waits in this browser to be told to the server: reports of answers, and marks of them. */
import { keepSendingMarks } from './history';
import { keepSendingReports } from './reports';

/**
 * Sends whenever there is reason to hope.
 *
 * @returns how to stop
 */
export function keepSending(): () => void {
  const stops = [keepSendingReports(), keepSendingMarks()];
  return () => stops.forEach((stop) => stop());
}
