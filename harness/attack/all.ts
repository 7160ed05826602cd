import type { Attack } from './attack';
import { imageOptimizer, nonsenseRanges, pagesWithoutPolicy } from './addresses';
import {
  brokenDownloads,
  brokenStaticDownloads,
  brokenUploads,
  idleConnections,
  slowSenders,
} from './connections';
import { dearPictures } from './pictures';
import { dearRows, forgedAddresses, madeUpReports, manyParts, wrongKeys } from './quotas';
import { crashedWorkers } from './workers';

export const ATTACKS: readonly Attack[] = [
  ...crashedWorkers,
  ...dearPictures,
  slowSenders,
  idleConnections,
  brokenUploads,
  brokenDownloads,
  brokenStaticDownloads,
  nonsenseRanges,
  manyParts,
  dearRows,
  forgedAddresses,
  wrongKeys,
  madeUpReports,
  pagesWithoutPolicy,
  imageOptimizer,
];
