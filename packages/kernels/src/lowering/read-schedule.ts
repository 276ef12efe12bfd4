import { GrimError, type ScheduleRecord } from '@grim/ir';

import type { ScheduleDescription } from '../families/schedule-description.ts';

/**
 * A schedule with the choices that a file or a caller asks for in place of the default ones.
 *
 * @throws GrimError naming the choice when there is none of that name, or it may not have that value.
 */
export function readSchedule<Schedule extends object>(
  record: ScheduleRecord | undefined,
  fallback: Schedule,
  choices: ScheduleDescription<Schedule>,
): Schedule {
  for (const [key, value] of Object.entries(record ?? {})) {
    if (!Object.hasOwn(choices, key)) {
      throw new GrimError(`a schedule has no ${key}, only ${Object.keys(choices).join(', ')}`);
    }
    const allowed = choices[key as keyof Schedule].values;
    if (Array.isArray(allowed)) {
      if (!allowed.includes(value)) {
        throw new GrimError(
          `${key} of a schedule must be one of ${allowed.join(', ')}, not ${String(value)}`,
        );
      }
      continue;
    }
    const { from, to } = allowed as { readonly from: number; readonly to: number };
    if (!(typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to)) {
      throw new GrimError(
        `${key} of a schedule must be a whole number from ${String(from)} to ${String(to)}, not ${String(value)}`,
      );
    }
  }
  return { ...fallback, ...record };
}
