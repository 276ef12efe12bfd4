/** What a module is written as, and how its files end. */
export const bindingForms = {
  /** An ES module with its declarations, in any project. */
  mjs: { module: '.mjs', declaration: '.d.mts' },
  /** The same for projects whose `package.json` says `"type": "module"`, and for servers that know no `.mjs`. */
  js: { module: '.js', declaration: '.d.ts' },
  /** One TypeScript module, for projects that compile it themselves. */
  ts: { source: '.ts' },
} as const;

/** One of {@link bindingForms}. */
export type BindingForm = keyof typeof bindingForms;
