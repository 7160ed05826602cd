import { classActivationMap } from '@/lib/shared/vision/explain/class-activation';
import { toExplanation, type Explanation, type Grid } from '@/lib/shared/vision/explain/heat-map';
import { OCCLUSION_BATCH, occlusionMap } from '@/lib/shared/vision/explain/occlusion';
import type { PixelImage } from '@/lib/shared/vision/image';
import { imageToTensor, seenArea, type ImageTensor } from '@/lib/shared/vision/tensor';
import type { Loaded } from './loaded';
import type { ExplainRequest } from './messages';
import { WorkerError } from './worker-error';

type OnProgress = (done: number, total: number) => Promise<void>;

/**
 * Computes where the evidence for a class lies, with the code that the server uses.
 *
 * @throws WorkerError `inference-failed` if the model does not offer the requested method
 */
export async function explainImage(
  loaded: Loaded,
  image: PixelImage,
  { index, method: asked }: ExplainRequest,
  onProgress: OnProgress,
): Promise<Explanation> {
  const tensor = imageToTensor(image, loaded.preprocessing);
  const area = seenArea(image, loaded.preprocessing);
  const { activations } =
    asked === 'occlusion'
      ? { activations: undefined }
      : await loaded.session.run(tensor, { activations: true });
  if (asked === 'class-activation' && !activations) {
    throw new WorkerError('inference-failed', 'The model has no class activations.');
  }
  return activations
    ? toExplanation(
        'class-activation',
        index,
        classActivationMap(activations, index, loaded.head),
        area,
      )
    : toExplanation('occlusion', index, await occlude(loaded, tensor, index, onProgress), area);
}

async function occlude(
  { session, preprocessing, calibration, head }: Loaded,
  tensor: ImageTensor,
  index: number,
  onProgress: OnProgress,
): Promise<Grid> {
  return occlusionMap({
    tensor,
    preprocessing,
    index,
    head,
    temperature: calibration.temperature,
    batch: (await session.takesBatches(preprocessing)) ? OCCLUSION_BATCH : 1,
    run: async (data, dims) => (await session.run({ data, dims })).logits,
    onProgress,
  });
}
