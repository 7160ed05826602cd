/** Sends the reports and marks that wait in this browser for the server. */
import { keepSendingMarks } from './history';
import { keepSendingReports } from './reports';

/**
 * Sends them now, and again when the browser comes online.
 *
 * @returns a function that stops it
 */
export function keepSending(): () => void {
  const stops = [keepSendingReports(), keepSendingMarks()];
  return () => stops.forEach((stop) => stop());
}
