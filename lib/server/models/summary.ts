import type { ModelSummary } from '../../shared/contract/models';
import { preparationOf } from '@/lib/shared/vision/prepared';
import type { ModelFolder } from './folder';

/** Address of a file of a model, for a revision or for `main`, the installed version. */
export function modelFileUrl(id: string, revision: string, filePath: string): string {
  return `/hf/${encodeURIComponent(id)}/resolve/${revision}/${filePath}`;
}

/** The description of a model in the API. */
export function summarizeModel(model: ModelFolder, isDefault: boolean): ModelSummary {
  const { evaluation } = model;
  const input = inputSize(model);
  return {
    id: model.id,
    version: model.version,
    default: isDefault,
    revision: model.revision,
    ...(model.modelType === undefined ? {} : { modelType: model.modelType }),
    labels: [...model.labels],
    preprocessing: { ...model.preprocessing, ...preparationOf(model.preprocessing) },
    sureness: model.calibration,
    head: model.head,
    ...(input ? { input } : {}),
    ...measured(evaluation),
    deviceFile: model.deviceFile.path,
    ...(model.deviceData.length === 0
      ? {}
      : { deviceData: model.deviceData.map(({ path }) => path) }),
    files: model.files.map(({ path, bytes, sha256 }) => ({
      path,
      bytes,
      sha256,
      url: modelFileUrl(model.id, model.revision, path),
    })),
  };
}

function measured(
  evaluation: ModelFolder['evaluation'],
): Pick<ModelSummary, 'accuracy' | 'meanAveragePrecision'> {
  const { accuracy, meanAveragePrecision: value, images = 0 } = evaluation ?? {};
  return {
    ...(accuracy ? { accuracy: { ...accuracy, images } } : {}),
    ...(value === undefined ? {} : { meanAveragePrecision: { value, images } }),
  };
}

function inputSize({ preprocessing: { crop, resize } }: ModelFolder): ModelSummary['input'] {
  if (crop) return { width: crop.width, height: crop.height };
  return resize?.kind === 'exact' ? { width: resize.width, height: resize.height } : undefined;
}
