import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { readWav, type WavAudio } from '@grim/speech';
import { workspaceRoot } from '@grim/tools/published-packages';

/** A recording of one digit. */
export interface SpokenDigit {
  readonly digit: number;
  readonly speaker: string;
  /** Number of the recording among those of a speaker and digit; 0 to 4 are the test set by the data set's own convention. */
  readonly index: number;
  readonly audio: WavAudio;
}

/** Names the archive or the folder of the data set. */
const variable = 'GRIM_FSDD';
const archive = (): string => process.env[variable] ?? join(workspaceRoot, '../shared/data/fsdd.tar.xz');

/** What is missing, and how to get it. */
export function missingSpokenDigits(): string | undefined {
  return existsSync(archive())
    ? undefined
    : `the Free Spoken Digit Dataset (github.com/Jakobovski/free-spoken-digit-dataset): set ${variable} to its folder "recordings", or to a .tar.xz of it`;
}

/** All recordings, sorted by name; an archive is unpacked once. */
export function readSpokenDigits(): SpokenDigit[] {
  const folder = recordingsFolder();
  return readdirSync(folder)
    .filter((name) => name.endsWith('.wav'))
    .sort()
    .map((name) => {
      const [, digit, speaker, index] = /^(\d)_(\w+?)_(\d+)\.wav$/.exec(name) ?? [];
      if (digit === undefined || speaker === undefined || index === undefined) {
        throw new Error(`${join(folder, name)}: expected a name as in 7_jackson_32.wav`);
      }
      const audio = readWav(readFileSync(join(folder, name)), { file: name });
      return { digit: Number(digit), speaker, index: Number(index), audio };
    });
}

function recordingsFolder(): string {
  const source = archive();
  if (!source.endsWith('.tar.xz')) return source;
  const folder = join(workspaceRoot, 'benchmarks/.cache/fsdd');
  if (!existsSync(folder)) {
    const unpacking = `${folder}.${process.pid}`;
    mkdirSync(unpacking, { recursive: true });
    const { status, stderr } = spawnSync('tar', ['-xJf', source, '-C', unpacking], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${source} cannot be unpacked: ${stderr}`);
    renameSync(unpacking, folder);
  }
  const recordings = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith('recordings'),
  );
  if (recordings === undefined) throw new Error(`${source} has no folder "recordings"`);
  return join(folder, recordings);
}
