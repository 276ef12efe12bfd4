/** Names that a module exports. */
export interface BindingNames {
  /** `loadVad` */
  readonly load: string;
  /** `bindVad` */
  readonly bind: string;
  /** `VadLibrary` */
  readonly library: string;
  /** `vadMemory` */
  readonly memory: string;
  /** `vadPorts` */
  readonly ports: string;
  /** `VadModel` */
  readonly model: string;
  /** `VadSession` */
  readonly session: string;
  /** `VadInputs` */
  readonly inputs: string;
  /** `VadOutputs` */
  readonly outputs: string;
  /** `VadStates` */
  readonly states: string;
}

/**
 * The names for a model. Each has a word of this package at its beginning or end, so that none is a reserved word or hides a
 * global that the module uses, whatever the model is called.
 *
 * @param name - Any text. Letters and digits of ASCII are kept and everything between them begins a new word: `silero-vad.v5`
 * is `SileroVadV5`. Without any letter or digit it is `Model`.
 */
export function bindingNames(name: string): BindingNames {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const joined = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
  const upper = /^[A-Z]/.test(joined) ? joined : `Model${joined}`;
  // All capitals of a first word that is an acronym: `vadPorts` for `VADPorts`.
  const lower = upper.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (start) => start.toLowerCase());
  return {
    load: `load${upper}`,
    bind: `bind${upper}`,
    library: `${upper}Library`,
    memory: `${lower}Memory`,
    ports: `${lower}Ports`,
    // Not `ModelModel` for a file called `model.grim`.
    model: upper.endsWith('Model') ? upper : `${upper}Model`,
    session: `${upper}Session`,
    inputs: `${upper}Inputs`,
    outputs: `${upper}Outputs`,
    states: `${upper}States`,
  };
}
