import type { ScheduleDescription } from './schedule-description.ts';

/** The last word of a kernel's name, where it states a schedule. */
const scheduleWord = /_t(\d[\da-z]*)$/;

/**
 * Reads the schedule back from the name of a kernel: the last word is `t` and the values of the choices in their order,
 * joined by `x`.
 *
 * @param name - Name of a kernel.
 * @param choices - The choices of its family.
 * @returns The value of every choice; none where the name states no schedule, because the problem leaves no choice.
 * @throws RangeError when the word has other choices than the family, or a value that none of them has.
 */
export function scheduleOfName<Schedule extends Readonly<Record<keyof Schedule, number | string>>>(
  name: string,
  choices: ScheduleDescription<Schedule>,
): Partial<Record<keyof Schedule & string, number | string>> {
  const word = scheduleWord.exec(name)?.[1];
  if (word === undefined) return {};
  const keys = Object.keys(choices) as (keyof Schedule & string)[];
  const values = word.split('x').map((value) => (/^\d+$/.test(value) ? Number(value) : value));
  if (values.length !== keys.length) {
    throw new RangeError(
      `${name} states ${String(values.length)} choices, the family has ${keys.join(', ')}`,
    );
  }
  const schedule: Partial<Record<keyof Schedule & string, number | string>> = {};
  keys.forEach((key, index) => {
    const value = values[index] ?? 0;
    const allowed: readonly (number | string)[] | { readonly from: number; readonly to: number } =
      choices[key].values;
    const isAllowed =
      'from' in allowed
        ? typeof value === 'number' && value >= allowed.from && value <= allowed.to
        : allowed.includes(value);
    if (!isAllowed) throw new RangeError(`${name}: ${key} cannot be ${String(value)}`);
    schedule[key] = value;
  });
  return schedule;
}
