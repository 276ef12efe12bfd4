/** Largest header that is written and parsed, in bytes: that of any network is far smaller. */
export const maximumHeader = 2 ** 26;
