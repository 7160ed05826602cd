/** Reports of answers, and marks of right and wrong, that wait in this browser for the server. */
import { keepSendingMarks } from './history';
import { keepSendingReports } from './reports';

/**
 * Sends what waits now, and again when the browser comes online.
 *
 * @returns how to stop
 */
export function keepSending(): () => void {
  const stops = [keepSendingReports(), keepSendingMarks()];
  return () => stops.forEach((stop) => stop());
}
