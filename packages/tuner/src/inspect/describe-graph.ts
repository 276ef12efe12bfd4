import { describeLayers, type Graph, type LayerDescription } from '@grim/ir';
import type { CallReport } from '../reports/call-report.ts';
import { weightBytes } from '../reports/weight-bytes.ts';
import type { LayerReport, MatrixReport } from './layer-report.ts';

/** The layers of a graph with the bytes of their weights and the calls that compute them. */
export function describeGraph(graph: Graph, calls: readonly CallReport[]): LayerReport[] {
  return describeLayers(graph).map((layer): LayerReport => ({
    name: layer.name,
    kind: layer.kind,
    inputShapes: layer.inputShapes,
    outputShapes: layer.outputShapes,
    macs: layer.macs,
    parameters: layer.parameters,
    matrices: layer.matrices.map((matrix) => describeMatrix(graph, matrix)),
    calls: calls.filter((call) => call.layer === layer.name),
  }));
}

function describeMatrix(graph: Graph, matrix: LayerDescription['matrices'][number]): MatrixReport {
  const { value, rows, columns, zeros, bcr, unprunable } = matrix;
  const values = graph.constants.get(value)?.data ?? new Float32Array(0);
  const stored = values.length > 0;
  return {
    value,
    rows,
    columns,
    zeros,
    bytes: stored ? weightBytes(values, rows, columns, bcr) : { dense: 0, stored: 0, gzip: 0, csr: 0 },
    bcr: bcr ?? null,
    unprunable: unprunable ?? null,
  };
}
