/** The report of the old system's load tests, as far as it is known. */
import * as z from 'zod/mini';
import { oldSystemSchema } from '../../lib/shared/contract/load-tests';
import figures from '../results/old-system.json';

export const OLD_SYSTEM = z.parse(oldSystemSchema, figures);
