import { formatFileSize, formatPercent } from '@/lib/shared/numbers/format';
import { loadRegistry } from '../../lib/server/models/registry';
import type { ModelFolder } from '../../lib/server/models/folder';
import type { Command } from './command';
import { columns } from './text';

export const list: Command = {
  usage: '',
  summary: 'what is installed, and what is broken',
  help: `Reads every folder of MODELS_DIR, as the server does, and prints one line a model: id, classes,
input, size, measured accuracy. The model that answers when none is named is marked *. A broken
folder is listed with what is wrong with it, and spoils no other.`,
  options: [],
  words: 0,
  run: async ({ settings, print }) => {
    const registry = await loadRegistry(settings.modelsDir, settings.defaultModel);
    const rows = registry.models.map((model) => [
      `${registry.isDefault(model) ? '*' : ' '} ${model.id}`,
      ...describe(model),
    ]);
    if (rows.length > 0) print(columns(rows));
    for (const { id, reason } of registry.broken) print(`! ${id}  BROKEN: ${reason}`);
    if (rows.length + registry.broken.length === 0) {
      print(`There is no model in ${settings.modelsDir}.`);
    }
  },
};

function describe({ labels, version, evaluation, files }: ModelFolder): string[] {
  const onnx = files.filter((file) => file.path.startsWith('onnx/'));
  return [
    version,
    labels.length === 1 ? '1 class' : `${labels.length} classes`,
    onnx
      .map((file) => `${file.path.slice('onnx/'.length)} ${formatFileSize(file.bytes)}`)
      .join(', '),
    measuredWords(evaluation),
  ];
}

function measuredWords(evaluation: ModelFolder['evaluation']): string {
  if (!evaluation) return 'not evaluated';
  const { accuracy, meanAveragePrecision, images } = evaluation;
  return accuracy
    ? `${formatPercent(accuracy.top1)} right of ${images} pictures`
    : `mean average precision ${formatPercent(meanAveragePrecision ?? 0)} on ${images} pictures`;
}
