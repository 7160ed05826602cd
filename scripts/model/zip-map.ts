/**
 * Handles models that end in a map of labels to scores, as scikit-learn and Custom Vision export
 * them.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { withoutZipMap } from '@/lib/shared/model/onnx-edit';
import { readStructure } from './source';

const FLOAT_TYPES = [1, 10, 11, undefined];

/**
 * Removes ZipMap from the file: the tensor before it becomes the output.
 *
 * @returns the labels that ZipMap names; undefined if there is none
 */
export async function cutZipMap(onnxFile: string): Promise<readonly string[] | undefined> {
  const { graph } = await readStructure(onnxFile);
  const zip = graph.outputs
    .map(({ name }) => graph.nodes.get(name))
    .find((node) => node?.operator === 'ZipMap');
  const scores = zip?.inputs[0];
  if (!zip || scores === undefined) return undefined;
  const dropped = graph.outputs
    .filter(({ isTensor, type }) => !isTensor || !FLOAT_TYPES.includes(type))
    .map(({ name }) => name);
  await writeFile(onnxFile, withoutZipMap(await readFile(onnxFile), scores, dropped));
  const strings = zip.attributes.get('classlabels_strings')?.strings ?? [];
  const numbers = zip.attributes.get('classlabels_int64s')?.integers ?? [];
  return strings.length > 0 ? strings : numbers.map(String);
}

/** Whether Custom Vision made the model: its `metadata_props` say how pictures are prepared. */
export async function isCustomVision(onnxFile: string): Promise<boolean> {
  const { metadata } = await readStructure(onnxFile);
  return (
    metadata.get('Image.BitmapPixelFormat') === 'Bgr8' &&
    (metadata.get('Image.NominalPixelRange') ?? 'NominalRange_0_255') === 'NominalRange_0_255'
  );
}
