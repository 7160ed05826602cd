import { huggingFaceTask, limitedRoute, otherMethods } from '@/lib/server';

export const POST = limitedRoute<{ id: string }>('predict', 'hf-task', huggingFaceTask);
export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods('POST');
