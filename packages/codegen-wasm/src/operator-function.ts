/** Begins the names of all that is linked to a module with operators of a user's own, so that it meets no name of ours. */
export const operatorPrefix = 'operators.';

/** Name in a module of the function of an operator of a user's own. */
export const operatorFunction = (name: string): string => `${operatorPrefix}${name}`;
