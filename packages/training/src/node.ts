export { loadCheckpoint, saveCheckpoint } from './checkpoint/checkpoint-file.ts';
