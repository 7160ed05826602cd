import { after } from 'next/server';
import { routeHandlers } from '@/lib/server';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routeHandlers(after);
