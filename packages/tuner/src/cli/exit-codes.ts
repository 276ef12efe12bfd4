/** How a command ends. */
export const exitCodes = {
  /** It ran, and the answer is yes. */
  ok: 0,
  /** It ran, and the answer is no. */
  no: 1,
  /** Wrong usage or bad input. */
  usage: 2,
  /** Stopped by Ctrl-C where work is kept to go on with; as shells say it (128 + SIGINT). */
  interrupted: 130,
  /** A defect of GRIM (`EX_SOFTWARE`). */
  defect: 70,
} as const;
