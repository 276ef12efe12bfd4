// @ts-check

/**
 * Which layers each layer may import: the way of the data, from left to right, and never back.
 *
 * Every package carries its layer as a tag (`nx.tags` in its `package.json`). A package absent from this table may
 * import nothing of ours.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const layers = {
  ir: [],
  bcr: [],
  onnx: ['ir'],
  prune: ['ir', 'bcr'],
  training: ['ir', 'bcr', 'prune', 'kernels', 'codegen-wasm'],
  kernels: ['ir', 'bcr'],
  'codegen-wasm': ['ir', 'bcr', 'kernels'],
  'codegen-c': ['ir', 'bcr', 'kernels'],
  'codegen-neon': ['ir', 'bcr', 'kernels', 'codegen-c'],
  'codegen-opencl': ['ir', 'bcr', 'kernels', 'codegen-c'],
  emscripten: ['ir'],
  bindings: ['ir'],
  runtime: ['ir'],
  speech: ['ir', 'runtime'],
  tuner: [
    'ir',
    'bcr',
    'onnx',
    'prune',
    'training',
    'kernels',
    'codegen-wasm',
    'codegen-c',
    'codegen-neon',
    'codegen-opencl',
    'emscripten',
    'bindings',
    'runtime',
    'speech',
  ],
  benchmarks: [
    'ir',
    'bcr',
    'onnx',
    'prune',
    'training',
    'kernels',
    'codegen-wasm',
    'codegen-c',
    'codegen-neon',
    'codegen-opencl',
    'emscripten',
    'bindings',
    'runtime',
    'speech',
    'tuner',
    'tools',
    'toolchains',
  ],
  tools: [
    'ir',
    'bcr',
    'onnx',
    'prune',
    'training',
    'kernels',
    'codegen-wasm',
    'codegen-c',
    'codegen-neon',
    'codegen-opencl',
    'emscripten',
    'bindings',
    'runtime',
    'speech',
    'tuner',
    'toolchains',
  ],
  toolchains: [],
};

/** Packages that run in a page or a worker: no module of Node, no global that only Node or only a page has. */
export const portablePackages = ['ir', 'bcr', 'runtime', 'speech'];

/** {@link layers} in the form `@nx/enforce-module-boundaries` reads. */
export const layerConstraints = Object.entries(layers).map(([layer, allowed]) => ({
  sourceTag: `layer:${layer}`,
  onlyDependOnLibsWithTags: [layer, ...allowed].map((name) => `layer:${name}`),
}));
