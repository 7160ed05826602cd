import { ClassifyView } from '@/components/classify/classify-view';
import { MoreWays } from '@/components/classify/more-ways';

export default function ClassifyPage() {
  return (
    <>
      <ClassifyView />
      <MoreWays />
    </>
  );
}
