export { GET, POST, PUT, PATCH, DELETE, OPTIONS } from '@/app/v2/models/[id]/ready/route';
