import Table from 'cli-table3';
import pc from 'picocolors';
import type { LayerDescription } from '@grim/ir';
import type { DemoReport } from './demo-report.ts';
import { shortNames } from './short-names.ts';

/** The report as text for a terminal. */
export function printReport(report: DemoReport): string {
  return [
    importSection(report),
    layerSection(report),
    pruningSection(report),
    compileSection(report),
    streamSection(report),
    comparisonSection(report),
    ['Written', ...report.files.map((file) => `  ${file}`)].join('\n'),
  ].join('\n\n');
}

function importSection({ model, imported }: DemoReport): string {
  const states = imported.states.map(({ name, shape }) => `${name} [${shape.join(',')}]`).join(', ');
  return section(
    1,
    'Import',
    `${model.file}, ${integer(model.bytes)} bytes, in ${integer(imported.milliseconds)} ms.`,
    'Its branches on the sampling rate and its shape arithmetic are folded away:',
    `${imported.layers.length} layers are left, with state that the session keeps: ${states}.`,
  );
}

function layerSection({ imported: { layers } }: DemoReport): string {
  const names = shortNames(layers.map(({ name }) => name));
  const macs = layers.reduce((sum, layer) => sum + layer.macs, 0);
  const parameters = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  return section(
    2,
    'Layers',
    table(
      ['layer', 'operator', 'output', 'MACs', 'parameters', 'prunable'],
      layers.map((layer) => [
        names.get(layer.name) ?? layer.name,
        layer.kind,
        layer.outputShapes.map((shape) => `[${shape.join(',')}]`).join(' '),
        integer(layer.macs),
        integer(layer.parameters),
        prunable(layer),
      ]),
      [3, 4],
    ),
    `${integer(macs)} multiply-adds per frame, ${integer(parameters)} parameters.`,
  );
}

function prunable({ matrices }: LayerDescription): string {
  if (matrices.length === 0) return 'no weights';
  const verdicts = matrices.map(({ rows, columns, unprunable }) =>
    unprunable === undefined ? `yes, ${rows}×${columns}` : `no, ${unprunable}`,
  );
  return [...new Set(verdicts)].join('; ');
}

function pruningSection({ pruned }: DemoReport): string {
  const blocks = pruned.flatMap(({ report }) =>
    report.weights.flatMap((weight) => (weight.outcome === 'pruned' ? [weight.block] : [])),
  )[0];
  const names = shortNames(pruned[0]?.report.weights.map(({ layer }) => layer) ?? []);
  const parts = pruned.flatMap(({ rate, report: { weights, totals } }) => [
    `At ${rate}×`,
    table(
      ['weight', 'rows × columns', 'zeros', 'energy kept', 'dense', 'CSR', 'BCRC'],
      weights.map((weight) => {
        const place = [`${names.get(weight.layer) ?? weight.layer} ${weight.operand}`];
        const size = `${weight.rows} × ${weight.columns}`;
        const dense = integer(weight.denseBytes);
        return weight.outcome === 'pruned'
          ? [
              ...place,
              size,
              percent(weight.zeros / (weight.rows * weight.columns)),
              percent(weight.keptEnergy),
              dense,
              integer(weight.csrBytes),
              integer(weight.bcrcBytes),
            ]
          : [...place, size, '–', `stays dense: ${weight.reason}`, dense, '–', '–'];
      }),
      [2, 4, 5, 6],
    ),
    `All weights: ${integer(totals.denseBytes)} bytes dense, ${integer(totals.storedBytes)} with the pruned ones in BCRC.`,
  ]);
  return section(
    3,
    'Pruning by magnitude',
    `In each block of ${blocks ? `${blocks.rows}×${blocks.columns}` : 'weights'} whole columns go, the weakest first. The 4 rows of a block then share`,
    'one column list, and 4 floats fill a vector register. Nothing is retrained.',
    ...parts,
  );
}

function compileSection({ compiled }: DemoReport): string {
  return section(
    4,
    'Compilation',
    'One WebAssembly module runs the whole model; code and weights travel in one file.',
    table(
      ['model', 'ms', 'kernel calls', 'code', 'weights', '.grim', 'memory'],
      compiled.map((model) => [
        model.name,
        integer(model.milliseconds),
        integer(model.calls),
        integer(model.codeBytes),
        integer(model.imageBytes),
        integer(model.fileBytes),
        integer(model.memoryBytes),
      ]),
      [1, 2, 3, 4, 5, 6],
    ),
  );
}

function streamSection({ stream }: DemoReport): string {
  const speed = (stream.seconds * 1000) / stream.milliseconds;
  const segments = stream.segments.map(({ start, end, meanProbability, peakProbability }) => [
    clock(start),
    clock(end),
    `${(end - start).toFixed(2)} s`,
    meanProbability.toFixed(3),
    peakProbability.toFixed(3),
  ]);
  return section(
    5,
    'Streaming',
    `${stream.recording}: ${stream.seconds.toFixed(1)} s at ${stream.sampleRate} Hz, ${integer(stream.frames)} frames of 32 ms through GRIM dense in`,
    `${integer(stream.milliseconds)} ms (${integer(speed)} times real time, resampling included).`,
    segments.length > 0
      ? table(['start', 'end', 'speech', 'mean', 'peak'], segments, [2, 3, 4])
      : 'No speech was found.',
  );
}

function comparisonSection({ comparison: { sides, frames } }: DemoReport): string {
  const speech = sides[0]?.agreement.referenceSpeech ?? 0;
  return section(
    6,
    'Comparison, measured in this run, by turns, on one thread',
    table(
      [
        '',
        'p50 µs',
        'p99 µs',
        '÷ web',
        'load ms',
        'download',
        'runtime + model',
        'speech',
        'agree',
        'max |Δp|',
      ],
      sides.map((side) => [
        side.name,
        side.p50.toFixed(1),
        side.p99.toFixed(1),
        side.ratio.toFixed(3),
        side.loadMilliseconds.toFixed(0),
        integer(side.runtimeGzipBytes + side.modelGzipBytes),
        `${integer(side.runtimeGzipBytes)} + ${integer(side.modelGzipBytes)}`,
        percent(side.agreement.speech),
        percent(side.agreement.agreement),
        difference(side.agreement.maxAbsDiff),
      ]),
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
    ),
    `÷ web: time per frame over that of onnxruntime-web. load: bytes to first result, in a fresh process. download: bytes`,
    `after gzip. speech: share of ${integer(frames)} frames with a probability of at least 0.5. agree: share of frames where that`,
    `decision is the one of the dense model in onnxruntime; a model that hears no speech at all would agree on ${percent(1 - speech)}.`,
    '',
    'The pruned models were pruned once and not retrained: no accuracy is claimed for them beyond what is printed here.',
  );
}

function section(number: number, title: string, ...lines: string[]): string {
  return [pc.bold(`${number}. ${title}`), ...lines].join('\n');
}

function table(head: string[], rows: readonly string[][], right: readonly number[] = []): string {
  const made = new Table({
    head,
    style: { head: [], border: [], compact: true },
    colAligns: head.map((_, column) => (right.includes(column) ? 'right' : 'left')),
  });
  made.push(...rows);
  return made.toString();
}

function integer(value: number): string {
  return Math.round(value).toLocaleString('en-GB');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function difference(value: number): string {
  return value === 0 || value >= 0.001 ? value.toFixed(3) : value.toExponential(1);
}

/** Seconds as minutes and seconds: `1:02.35`. */
function clock(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const rest = ((hundredths % 6000) / 100).toFixed(2).padStart(5, '0');
  return `${Math.floor(hundredths / 6000)}:${rest}`;
}
