export { calledFunctions } from './called-functions.ts';
export { commonWriters, renderScalarConstant, type CommonWriters } from './common-writers.ts';
export { commentText } from './comment-text.ts';
export type {
  Access,
  Dialect,
  ExpressionOf,
  ExpressionWriters,
  Parts,
  PointerStyle,
  StatementOf,
  Writer,
} from './dialect.ts';
export { identifier } from './identifier.ts';
export { kernelsInPlace } from './kernels-in-place.ts';
export { externalPrototypes, renderExternal } from './external-functions.ts';
export { operatorHeader, operatorHeaderFile } from './operator-header.ts';
export { floatLiteral, integerLiteral } from './literals.ts';
export {
  call,
  closed,
  comparisonSymbols,
  infix,
  prefix,
  type Operator,
  type OperatorTable,
} from './operators.ts';
export { partsOf } from './parts-of.ts';
export { parameterList, portParameters, type PortParameter } from './port-parameters.ts';
export type { ContextText, ProjectFacts, SampleStep } from './project/project-facts.ts';
export { frameHeader, weightsWords, type HeaderFacts, type HeaderText } from './project/frame-header.ts';
export { renderBenchmark } from './project/render-benchmark.ts';
export { renderBytes } from './project/render-bytes.ts';
export { renderPrototypes, type PrototypeFacts } from './project/render-prototypes.ts';
export { renderSamples } from './project/render-samples.ts';
export { renderSelfTest } from './project/render-self-test.ts';
export { sampleTolerance } from './project/sample-tolerance.ts';
export { compound, primary, type Rendered } from './rendered.ts';
export { renderStatements } from './render-statements.ts';
export { usefulMultiplyAdds } from './useful-multiply-adds.ts';
export { readsName, visitReads, type VisitName } from './visit-reads.ts';
export { withoutDeadValues } from './without-dead-values.ts';
