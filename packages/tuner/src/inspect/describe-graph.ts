import { describeLayers, type Graph, type LayerDescription } from '@grim/ir';
import type { CallEstimate } from '@grim/kernels';
import { estimateReport } from '../reports/estimate-report.ts';
import { weightBytes } from '../reports/weight-bytes.ts';
import type { EstimatedCall, LayerReport, MatrixReport } from './layer-report.ts';

/** The layers of a graph with the bytes of their weights and the calls that compute them. */
export function describeGraph(
  graph: Graph,
  calls: readonly EstimatedCall[],
  estimates: readonly (CallEstimate | undefined)[],
): LayerReport[] {
  return describeLayers(graph).map((layer): LayerReport => {
    const own = calls.filter((call) => call.layer === layer.name);
    const ofCalls = estimates.filter((_, index) => calls[index]?.layer === layer.name);
    const known = ofCalls.filter((estimate) => estimate !== undefined);
    return {
      name: layer.name,
      kind: layer.kind,
      inputShapes: layer.inputShapes,
      outputShapes: layer.outputShapes,
      macs: layer.macs,
      parameters: layer.parameters,
      matrices: layer.matrices.map((matrix) => describeMatrix(graph, matrix)),
      padding: own.find(({ padding }) => padding !== null)?.padding ?? null,
      estimate: known.length > 0 && known.length === ofCalls.length ? estimateReport(known) : null,
      calls: own,
    };
  });
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
