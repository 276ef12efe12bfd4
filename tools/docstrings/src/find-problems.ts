import { Node, Project, Scope, type JSDoc, type ParameterDeclaration } from 'ts-morph';
import { givesShapeOrUnit, isNamedAfterUnit, isTensorType } from './tensor-documentation.ts';

/** One thing a reader of the public interface would miss. */
export interface DocumentationProblem {
  readonly file: string;
  /** Line of the declaration, from 1. */
  readonly line: number;
  readonly message: string;
}

/**
 * Looks at everything reachable from `entries` and lists what is not documented well enough: an export without a
 * docstring, and a parameter that is a tensor but whose documentation gives neither shape nor unit.
 *
 * @param tsconfig - path of the compiler configuration the entries are read with
 * @param entries - paths of entry points, usually `src/index.ts` of each package
 */
export function findProblems(tsconfig: string, entries: readonly string[]): DocumentationProblem[] {
  const project = new Project({ tsConfigFilePath: tsconfig, skipAddingFilesFromTsConfig: true });
  const problems = new Map<string, DocumentationProblem>();
  const report = (node: Node, message: string): void => {
    const problem = { file: node.getSourceFile().getFilePath(), line: node.getStartLineNumber(), message };
    problems.set(`${problem.file}:${problem.line}:${message}`, problem);
  };

  for (const entry of entries) {
    const source = project.addSourceFileAtPathIfExists(entry);
    if (!source) {
      problems.set(entry, { file: entry, line: 1, message: 'this entry point does not exist' });
      continue;
    }
    for (const [name, declarations] of source.getExportedDeclarations()) {
      // What another package declares is documented, and checked, there.
      const own = declarations.filter((declaration) => !isForeign(declaration, entry));
      if (own.length > 0 && own.every((declaration) => docsOf(declaration).length === 0)) {
        report(own[0] as Node, `export '${name}' has no docstring`);
      }
      for (const declaration of own) {
        for (const [owner, callable] of callablesOf(name, declaration)) {
          for (const parameter of callable.parameters) {
            const problem = tensorParameterProblem(parameter, callable.docs);
            if (problem) report(parameter, `parameter '${parameter.getName()}' of '${owner}' ${problem}`);
          }
        }
      }
    }
  }
  return [...problems.values()].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

/** A function and the documentation that covers it. */
interface Callable {
  readonly parameters: readonly ParameterDeclaration[];
  readonly docs: readonly JSDoc[];
}

/** Whether a declaration was reached through a package name rather than from the sources around the entry. */
function isForeign(declaration: Node, entry: string): boolean {
  const path = declaration.getSourceFile().getFilePath();
  const folder = entry.slice(0, entry.lastIndexOf('/') + 1);
  return path.includes('/node_modules/') || !path.startsWith(folder);
}

/** Docstrings with a text of their own: tags alone do not say what a thing is. */
function docsOf(node: Node): JSDoc[] {
  const holder = Node.isVariableDeclaration(node) ? node.getVariableStatement() : node;
  // An overload is documented on any one of its signatures.
  const holders = Node.isFunctionDeclaration(holder) ? [holder, ...holder.getOverloads()] : [holder];
  return holders
    .filter((each) => Node.isJSDocable(each))
    .flatMap((each) => each.getJsDocs())
    .filter((doc) => doc.getDescription().trim() !== '');
}

/** The functions a declaration stands for: itself, the arrow function it names, or the methods it has. */
function callablesOf(name: string, declaration: Node): [owner: string, callable: Callable][] {
  if (Node.isFunctionDeclaration(declaration)) {
    const signatures = declaration.getOverloads().length > 0 ? declaration.getOverloads() : [declaration];
    const docs = docsOf(declaration);
    return signatures.map((signature) => [name, { parameters: signature.getParameters(), docs }]);
  }
  if (Node.isVariableDeclaration(declaration)) {
    const value = declaration.getInitializer();
    if (!Node.isArrowFunction(value) && !Node.isFunctionExpression(value)) return [];
    return [[name, { parameters: value.getParameters(), docs: docsOf(declaration) }]];
  }
  if (Node.isTypeAliasDeclaration(declaration)) {
    const type = declaration.getTypeNode();
    if (!Node.isFunctionTypeNode(type)) return [];
    return [[name, { parameters: type.getParameters(), docs: docsOf(declaration) }]];
  }
  if (Node.isInterfaceDeclaration(declaration)) {
    return declaration
      .getMethods()
      .map((method) => [
        `${name}.${method.getName()}`,
        { parameters: method.getParameters(), docs: docsOf(method) },
      ]);
  }
  if (Node.isClassDeclaration(declaration)) {
    return declaration
      .getMethods()
      .filter((method) => method.getScope() === Scope.Public)
      .map((method) => [
        `${name}.${method.getName()}`,
        { parameters: method.getParameters(), docs: docsOf(method) },
      ]);
  }
  return [];
}

/** What is missing from the documentation of a parameter, if it is a tensor. */
function tensorParameterProblem(parameter: ParameterDeclaration, docs: readonly JSDoc[]): string | undefined {
  const typeText = parameter.getTypeNode()?.getText() ?? parameter.getType().getText(parameter);
  if (!isTensorType(typeText) || isNamedAfterUnit(parameter.getName(), typeText)) return undefined;
  if (docs.length === 0) return `is a tensor, and the function has no docstring that gives its shape or unit`;

  const tags = docs.flatMap((doc) => doc.getTags()).filter((tag) => Node.isJSDocParameterTag(tag));
  const own = tags.filter((tag) => tag.getName() === parameter.getName());
  const texts =
    own.length > 0 ? own.map((tag) => tag.getCommentText() ?? '') : docs.map((doc) => doc.getDescription());
  return texts.some(givesShapeOrUnit)
    ? undefined
    : `is a tensor, but its documentation gives neither shape nor unit`;
}
