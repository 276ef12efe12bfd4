import type { CompiledProgram, Graph, Provenance } from '@grim/ir';
import type { ImportSettings } from './import-settings.ts';

/** A model as it was read from a file. It has a graph, a program, or both. */
export interface ModelFile {
  /** Path as given. */
  readonly file: string;
  /** The whole file. */
  readonly bytes: Uint8Array;
  /** Told by the content, not by the name. */
  readonly format: 'grim' | 'onnx';
  readonly graph?: Graph;
  readonly program?: CompiledProgram;
  /** Where the model comes from; what is made of it carries this on. */
  readonly provenance: Provenance;
  /** How the graph was imported, now or when the file was made. */
  readonly settings: ImportSettings;
}
