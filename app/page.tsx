import { ClassifyView } from '@/components/classify/classify-view';

export default function ClassifyPage() {
  return <ClassifyView />;
}
