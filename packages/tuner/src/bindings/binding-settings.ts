import type { BindingForm } from '@grim/bindings';

/** Whether and how a typed module is written beside a compiled model. */
export interface BindingSettings {
  /** What the module is written as (default `mjs`): see `bindingForms` of `@grim/bindings`; `false` for no module. */
  readonly bindings?: BindingForm | false;
  /** What its functions and types are named after (default: the file, without its ending). */
  readonly bindingsName?: string;
}

/** The forms by name, without loading the compiler that writes them. */
export const bindingFormNames = ['mjs', 'js', 'ts'] as const satisfies readonly BindingForm[];
