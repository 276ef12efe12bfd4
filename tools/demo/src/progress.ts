import { SingleBar } from 'cli-progress';
import pc from 'picocolors';

/** Tells on standard error what is being done; standard output is for the report. */
export interface Progress {
  /** The next thing begins. */
  readonly begin: (text: string) => void;
  /** How far it is, 0 to 1. */
  readonly update: (fraction: number) => void;
  /** All is done, or it failed. */
  readonly end: () => void;
}

/** Names each thing on a line of its own; a terminal also gets a bar. */
export function createProgress(total: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) {
    let begun = 0;
    return {
      begin: (text) => stream.write(`[${++begun}/${total}] ${text}\n`),
      update: () => undefined,
      end: () => undefined,
    };
  }
  const bar = new SingleBar({
    stream,
    format: `${pc.dim('{bar}')} {step}/${total} {text}`,
    barsize: 20,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    linewrap: false,
  });
  let begun = 0;
  bar.start(total, 0, { step: 0, text: '' });
  return {
    begin: (text) => {
      bar.update(begun++, { step: begun, text });
    },
    update: (fraction) => {
      bar.update(begun - 1 + fraction);
    },
    end: () => {
      bar.stop();
    },
  };
}
