import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readWav, type WavAudio } from '@grim/speech';
import { workspaceRoot } from '@grim/tools/published-packages';

/** A sentence of a game, spoken. */
export interface SpokenSentence {
  /** Level of the game that it belongs to. */
  readonly level: string;
  readonly name: string;
  readonly text: string;
  /** What is said, phone by phone in IPA, without stress. */
  readonly phones: readonly string[];
  readonly audio: () => WavAudio;
}

const root = '/usr/share/games/fillets-ng';
const programs = ['/usr/bin/espeak-ng', '/usr/bin/oggdec'];

/** What is missing, and how to get it. */
export function missingFilletsSpeech(): string | undefined {
  const files = [`${root}/script`, `${root}/sound/airplane/nl`, ...programs];
  return files.every((file) => existsSync(file))
    ? undefined
    : 'spoken Dutch: apt-get install fillets-ng-data fillets-ng-data-nl espeak-ng vorbis-tools';
}

/** All spoken sentences of the Dutch Fish Fillets, sorted by level and name; phones are those of eSpeak NG for the text. */
export function readFilletsSpeech(): SpokenSentence[] {
  const texts = sentences();
  const phones = phonesOf(texts.map(({ text }) => text));
  return texts.map((sentence, index) => ({ ...sentence, phones: phones[index] ?? [] }));
}

type Sentence = Omit<SpokenSentence, 'phones'>;

function sentences(): Sentence[] {
  return readdirSync(`${root}/script`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .flatMap((level) => {
      const folder = `${root}/script/${level}`;
      const scripts = readdirSync(folder).filter((name) => name.endsWith('dialogs_nl.lua'));
      return scripts.sort().flatMap((script) => dialogs(readFileSync(join(folder, script), 'utf8'), level));
    });
}

/** Pairs of `dialogId("name", …)` and `dialogStr("text")` that have a recording. */
function dialogs(script: string, level: string): Sentence[] {
  const pattern = /dialogId\("([^"]+)"[^\n]*\)\s*dialogStr\("((?:[^"\\]|\\.)*)"\)/g;
  return [...script.matchAll(pattern)].flatMap(([, name = '', quoted = '']) => {
    const file = `${root}/sound/${level}/nl/${name}.ogg`;
    const text = quoted.replaceAll(/\\(.)/g, '$1');
    return existsSync(file) && hasSamples(file) && text.trim() !== ''
      ? [{ level, name, text, audio: () => decodeOgg(file) }]
      : [];
  });
}

/** Whether a recording holds more than headers: an Ogg page tells how many samples end in it (RFC 3533, section 6). */
function hasSamples(file: string): boolean {
  const bytes = readFileSync(file);
  const lastPage = bytes.lastIndexOf('OggS');
  return lastPage >= 0 && bytes.readBigInt64LE(lastPage + 6) > 0n;
}

function decodeOgg(file: string): WavAudio {
  const folder = mkdtempSync(join(tmpdir(), 'grim-ogg-'));
  try {
    const wav = join(folder, 'sound.wav');
    execute('oggdec', ['-Q', '-o', wav, file]);
    return readWav(readFileSync(wav), { file });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Phones of texts; kept, since a program is started for each. */
function phonesOf(texts: readonly string[]): string[][] {
  const cache = join(workspaceRoot, 'benchmarks/.cache/phones-nl.json');
  if (existsSync(cache)) {
    const kept = JSON.parse(readFileSync(cache, 'utf8')) as Record<string, string[]>;
    if (texts.every((text) => kept[text] !== undefined)) return texts.map((text) => kept[text] ?? []);
  }
  const found = texts.map((text) =>
    execute('espeak-ng', ['-q', '--ipa', '--sep=_', '-v', 'nl', '--', text])
      // Stress marks are no phones of their own.
      .replaceAll(/[ˈˌ]/g, '')
      .split(/[_\s]+/)
      .filter((phone) => phone !== ''),
  );
  mkdirSync(dirname(cache), { recursive: true });
  writeFileSync(cache, JSON.stringify(Object.fromEntries(texts.map((text, index) => [text, found[index]]))));
  return found;
}

function execute(program: string, operands: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, operands, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${operands.join(' ')}: ${stderr}`);
  return stdout;
}
