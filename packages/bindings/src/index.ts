export { bindingForms, type BindingForm } from './binding-forms.ts';
export { bindingNames, type BindingNames } from './binding-names.ts';
export type { CLibrary, Fact, GrimFile, ModelDescription, PortDescription } from './model-description.ts';
export { bindingsMark, renderBindings, type BindingFile } from './render-bindings.ts';
