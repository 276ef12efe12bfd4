import { GrimError } from '../errors.ts';

/** Translates between the names of the API and the numbers of a protobuf enumeration. */
export interface EnumTable<Name extends string, Value extends number> {
  readonly toMessage: (name: Name) => Value;
  /** Throws a {@link GrimError} for numbers of later releases. */
  readonly fromMessage: (value: number) => Name;
}

/** A table of every name; `what` is for messages. */
export function enumTable<Name extends string, Value extends number>(
  what: string,
  values: Readonly<Record<Name, Value>>,
): EnumTable<Name, Value> {
  const names = new Map((Object.keys(values) as Name[]).map((name) => [values[name] as number, name]));
  return {
    toMessage: (name) => values[name],
    fromMessage: (value) => {
      const name = names.get(value);
      if (name === undefined) throw new GrimError(`${what} ${value} is not one that this release knows`);
      return name;
    },
  };
}
