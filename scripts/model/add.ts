import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Command } from './command';
import { complete, DESCRIBING } from './complete';
import { install, reportInstalled } from './install';
import { PRESETS } from './presets';
import { findSource, MODEL, type Source } from './source';
import { columns } from './text';
import { understood, type Origins } from './understood';

export const add: Command = {
  usage:
    '<folder or file.onnx> [--id ID] [--file NAME] [--labels FILE] [--preset NAME] [--output NAME] [--positive LABEL] [--threshold SHARE]',
  summary: 'installs a model from this machine',
  help: `Copies a model into MODELS_DIR. It is read, loaded and run first; if anything is wrong, or you
press Ctrl-C, nothing is left behind.

  a folder    in the layout of the hub, as exporters write it (model.onnx beside config.json), of
              Triton (1/model.onnx), or with a single ONNX file in it
  file.onnx   a model alone; --labels and --preset say the rest

  --id        its name in addresses and on the page; the name of the folder or file if not given
  --file      which ONNX file of the folder, as onnx/model_quantized.onnx
  --labels    a text with one label a line, in the order of the output; a CSV with a header; YAML
              with names; a label map (pbtxt); or JSON: a list, an object from index to label, or
              from label to index. Needed where the folder has no config.json and no labels.txt,
              index_to_name.json or the like
  --output    the output that holds the scores, where several fit the labels
  --positive  of one output for two labels: the label that it is the score of; the second if not given
  --threshold of labels by themselves: from which score on one is selected; 0.5 if not given
  --preset    how pictures are prepared, as in training. Needed where there is no
              preprocessor_config.json, which is written from it and may be changed afterwards:

${columns(Object.entries(PRESETS).map(([name, { summary }]) => [`              ${name}`, summary]))}

              The size is the graph's, where that is fixed; else 224.

  npm run model -- add ~/exported/flowers
  npm run model -- add flowers.onnx --labels flowers.txt --preset imagenet
  npm run model -- add net.onnx --id cats-and-dogs --labels class_indices.json --preset inception`,
  options: ['id', 'file', ...DESCRIBING],
  words: 1,
  run: async (context, [source = ''], options) => {
    const found = await findSource(source, options.file);
    const id = options.id ?? nameOf(source);
    let from: Origins = { labels: '', preprocessing: '' };
    const model = await install(context, id, async (folder) => {
      await copyFiles(found.files, folder, context.signal);
      from = await complete(folder, options, found.labels);
    });
    context.print(`From ${found.files.get(MODEL)}:\n${understood(model, from)}\n`);
    reportInstalled(context, model);
  },
};

/** Model id from a path: cats.onnx → cats; ~/exported/cats/model.onnx → cats. */
function nameOf(source: string): string {
  const absolute = path.resolve(source);
  const name = path.basename(absolute, '.onnx');
  return name === 'model' ? path.basename(path.dirname(absolute)) : name;
}

async function copyFiles(
  files: Source['files'],
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(path.join(folder, 'onnx'));
  for (const [place, from] of files) {
    await pipeline(createReadStream(from), createWriteStream(path.join(folder, place)), { signal });
  }
}
