export { nodeExternalData } from './external/node-external-data.ts';
