import type { WorkerModel } from './task';
import type { ModelFolder } from '../models/folder';

/** The part of a model folder that the pool needs. */
export function toWorkerModel(model: ModelFolder): WorkerModel {
  const { id, version, onnxFile, preprocessing, preprocessingVersion, head, labels } = model;
  const classCount = labels.length;
  return {
    id,
    version: [version, preprocessingVersion, classCount, JSON.stringify(head)].join(),
    onnxFile,
    preprocessing,
    head,
    classCount,
  };
}
