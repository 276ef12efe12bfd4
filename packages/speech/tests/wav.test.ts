import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWav, resample, writeWav, type WavFormat } from '../src/index.ts';
import { errorOf } from './support/error-of.ts';
import { lenaWav, packageFile } from './support/real-files.ts';
import { errorDecibels, sameSamples } from './support/signals.ts';
import { chunk, chunksOf, formatBody, subformat, wavFile } from './support/wav-bytes.ts';

const pcm16 = (values: readonly number[]) => new Uint8Array(Int16Array.from(values).buffer);
const format16 = chunk('fmt ', formatBody({ tag: 1, bytes: 2 }));
const firstChannel = (bytes: Uint8Array) => Array.from(readWav(bytes).channels[0] ?? []);

describe('readWav', () => {
  it('reads a real recording', () => {
    const bytes = lenaWav();
    const { sampleRate, channels } = readWav(bytes);
    expect(sampleRate).toBe(44100);
    expect(channels).toHaveLength(1);
    expect(channels[0]).toHaveLength(1082368 / 2);
    // The data chunk of this file starts at byte 208, after a LIST chunk.
    const stored = new Int16Array(bytes.slice(208).buffer);
    const expected = Float32Array.from(stored, (value) => value / 32768);
    expect(sameSamples(channels[0] ?? new Float32Array(0), expected)).toBe(true);
  });

  it('reads bytes that lie inside a larger buffer', () => {
    const file = wavFile([format16, chunk('data', pcm16([1, -1]))]);
    const larger = new Uint8Array(file.length + 3);
    larger.set(file, 3);
    expect(firstChannel(larger.subarray(3))).toEqual([1 / 32768, -1 / 32768]);
  });

  it.each<[string, Parameters<typeof formatBody>[0], Uint8Array, number[]]>([
    ['8-bit PCM', { tag: 1, bytes: 1 }, Uint8Array.of(0, 128, 255), [-1, 0, 127 / 128]],
    ['16-bit PCM', { tag: 1, bytes: 2 }, pcm16([-32768, 0, 32767]), [-1, 0, 32767 / 32768]],
    [
      '24-bit PCM',
      { tag: 1, bytes: 3 },
      Uint8Array.of(0, 0, 128, 1, 0, 0, 255, 255, 255),
      [-1, 2 ** -23, -(2 ** -23)],
    ],
    [
      '32-bit PCM',
      { tag: 1, bytes: 4 },
      new Uint8Array(Int32Array.of(-(2 ** 31), 2 ** 30).buffer),
      [-1, 0.5],
    ],
    ['32-bit float', { tag: 3, bytes: 4 }, new Uint8Array(Float32Array.of(-1.5, 0.25).buffer), [-1.5, 0.25]],
    [
      '64-bit float',
      { tag: 3, bytes: 8 },
      new Uint8Array(Float64Array.of(-1.5, 0.1).buffer),
      [-1.5, Math.fround(0.1)],
    ],
    [
      'A-law',
      { tag: 6, bytes: 1 },
      Uint8Array.of(0xd5, 0x55, 0xaa, 0x2a),
      [8, -8, 32256, -32256].map((v) => v / 32768),
    ],
    [
      'µ-law',
      { tag: 7, bytes: 1 },
      Uint8Array.of(0xff, 0x80, 0x00, 0xfe),
      [0, 32124, -32124, 8].map((v) => v / 32768),
    ],
    ['12 bits in 2 bytes', { tag: 1, bytes: 2, bits: 12 }, pcm16([-32768, 16]), [-1, 16 / 32768]],
    ['extensible 16-bit PCM', { tag: 0xfffe, bytes: 2, subformat: subformat(1) }, pcm16([16384]), [0.5]],
    [
      'extensible 24 bits in 4 bytes',
      { tag: 0xfffe, bytes: 4, bits: 24, subformat: subformat(1) },
      new Uint8Array(Int32Array.of(-(2 ** 30)).buffer),
      [-0.5],
    ],
    [
      'extensible float',
      { tag: 0xfffe, bytes: 4, subformat: subformat(3) },
      new Uint8Array(Float32Array.of(0.75).buffer),
      [0.75],
    ],
  ])('reads %s', (_, format, data, expected) => {
    expect(firstChannel(wavFile([chunk('fmt ', formatBody(format)), chunk('data', data)]))).toEqual(expected);
  });

  it('separates channels', () => {
    const format = chunk('fmt ', formatBody({ tag: 1, bytes: 2, channels: 3 }));
    const { channels } = readWav(wavFile([format, chunk('data', pcm16([1, 2, 3, 4, 5, 6]))]));
    expect(channels.map((samples) => Array.from(samples, (value) => value * 32768))).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
  });

  it('skips unknown chunks, also of odd length, and a missing last padding byte', () => {
    const odd = chunk('junk', Uint8Array.of(1, 2, 3));
    const format = chunk('fmt ', formatBody({ tag: 1, bytes: 1 }));
    const file = wavFile([odd, format, odd, chunk('data', Uint8Array.of(64, 128, 192)), odd]);
    expect(firstChannel(file)).toEqual([-0.5, 0, 0.5]);
    const last = wavFile([format, chunk('data', Uint8Array.of(64, 128, 192))]);
    expect(firstChannel(last.subarray(0, last.length - 1))).toEqual([-0.5, 0, 0.5]);
  });

  it.each([
    ['0xFFFFFFFF in both lengths', 0xffffffff, 0xffffffff],
    ['0 in both lengths', 0, 0],
    ['a RIFF length of the header alone', 36, 0],
  ])('reads a streamed file with %s', (_, riffLength, dataLength) => {
    const file = wavFile([format16, chunk('data', pcm16([100, 200, 300]), dataLength)], riffLength);
    expect(firstChannel(file)).toEqual([100 / 32768, 200 / 32768, 300 / 32768]);
    // What the writer did not finish is half a sample.
    expect(firstChannel(file.subarray(0, file.length - 1))).toEqual([100 / 32768, 200 / 32768]);
  });

  it.each(['alaw', 'ulaw'])('decodes real %s telephone audio', (law) => {
    const aiff = Buffer.from(packageFile(`audio-lena/lena-${law}.aiff`));
    const start = aiff.indexOf('SSND') + 16;
    const codes = new Uint8Array(aiff.subarray(start, start + 98174));
    const format = chunk('fmt ', formatBody({ tag: law === 'alaw' ? 6 : 7, bytes: 1 }));
    const { channels } = readWav(wavFile([format, chunk('data', codes)]));
    const original = resample(readWav(lenaWav()).channels[0] ?? new Float32Array(0), 44100, 8000);
    // What is left is companding noise and the difference between two resamplers.
    expect(errorDecibels(channels[0] ?? new Float32Array(0), original, 800, 97000)).toBeLessThan(-20);
  });

  const sixteen = (fields: Partial<Parameters<typeof formatBody>[0]>) =>
    wavFile([chunk('fmt ', formatBody({ tag: 1, bytes: 2, ...fields })), chunk('data', pcm16([1, 2, 3, 4]))]);
  const renamed = (name: string) => Uint8Array.from([...Buffer.from(name), ...sixteen({}).subarray(4)]);
  it.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(0), 'a.wav: the file is empty: expected a WAV file'],
    ['a text', Buffer.from('hello'), 'a.wav: not a WAV file: it starts with "hell", expected "RIFF"'],
    ['one byte', Uint8Array.of(7), 'a.wav: not a WAV file: it starts with "\\x07", expected "RIFF"'],
    ['RF64', renamed('RF64'), 'a.wav: RF64 files are not read: expected a RIFF file of less than 4 GiB'],
    ['RIFX', renamed('RIFX'), 'a.wav: RIFX (big-endian) files are not read: expected RIFF'],
    [
      'half a header',
      sixteen({}).subarray(0, 11),
      'a.wav: truncated: 11 bytes, expected at least the 12 of a RIFF header',
    ],
    [
      'another form',
      Buffer.from('RIFF\x04\0\0\0AVI '),
      'a.wav: not a WAV file: its RIFF form is "AVI ", expected "WAVE"',
    ],
    ['no chunks', wavFile([]), 'a.wav: no fmt chunk and no data chunk: expected both'],
    ['no data chunk', wavFile([format16]), 'a.wav: no data chunk: expected one'],
    [
      'data before fmt',
      wavFile([chunk('data', pcm16([1])), format16]),
      'a.wav: the data chunk comes before any fmt chunk',
    ],
    [
      'no samples',
      wavFile([format16, chunk('data', pcm16([]))]),
      'a.wav: the data chunk holds no samples: expected at least one',
    ],
    [
      'no samples but a later chunk',
      wavFile([format16, chunk('data', pcm16([])), chunk('LIST', pcm16([1, 2]))]),
      'a.wav: the data chunk holds no samples: expected at least one',
    ],
    [
      'less than a frame',
      wavFile([format16, chunk('data', Uint8Array.of(1))]),
      'a.wav: the data chunk holds no samples: expected at least one',
    ],
    [
      'cut data',
      sixteen({}).subarray(0, 48),
      'a.wav: truncated: the "data" chunk declares 8 bytes, only 4 are there',
    ],
    [
      'a long chunk',
      wavFile([chunk('LIST', pcm16([1]), 4e9)]),
      'a.wav: truncated: the "LIST" chunk declares 4000000000 bytes, only 2 are there',
    ],
    [
      'a short fmt',
      wavFile([chunk('fmt ', pcm16([1]))]),
      'a.wav: the fmt chunk has 2 bytes: expected at least 16',
    ],
    ['no channels', sixteen({ channels: 0 }), 'a.wav: 0 channels: expected 1 to 256'],
    ['channels', sixteen({ channels: 60000, bytes: 1 }), 'a.wav: 60000 channels: expected 1 to 256'],
    ['no rate', sixteen({ sampleRate: 0 }), 'a.wav: a sample rate of 0 Hz: expected at least 1 Hz'],
    [
      'no frame size',
      sixteen({ bytes: 0 }),
      'a.wav: 0 bytes per frame: expected a multiple of the 1 channels',
    ],
    [
      'ADPCM',
      sixteen({ tag: 2 }),
      'a.wav: format tag 2 (0x2) is not read: expected PCM (1), IEEE float (3), A-law (6) or µ-law (7)',
    ],
    [
      'extensible ADPCM',
      sixteen({ tag: 0xfffe, subformat: subformat(2) }),
      'a.wav: format tag 2 (0x2) is not read: expected PCM (1), IEEE float (3), A-law (6) or µ-law (7)',
    ],
    [
      'extensible without its extension',
      sixteen({ tag: 0xfffe }),
      'a.wav: the fmt chunk of WAVE_FORMAT_EXTENSIBLE has 16 bytes: expected at least 40',
    ],
    [
      'an unknown sub-format',
      sixteen({ tag: 0xfffe, subformat: subformat(1).fill(9, 8) }),
      'a.wav: sub-format 01000000000010000909090909090909 is not read: expected PCM, float, A-law or µ-law',
    ],
    [
      '16-bit float',
      sixteen({ tag: 3 }),
      'a.wav: format tag 3 with 16 bits in 2 bytes per sample is not read: ' +
        'expected 8, 16, 24 or 32-bit PCM, 32 or 64-bit float, or 8-bit A-law or µ-law',
    ],
    [
      'more bits than bytes',
      sixteen({ bits: 17 }),
      'a.wav: format tag 1 with 17 bits in 2 bytes per sample is not read: ' +
        'expected 8, 16, 24 or 32-bit PCM, 32 or 64-bit float, or 8-bit A-law or µ-law',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(errorOf(() => readWav(bytes, { file: 'a.wav' }))).toBe(message);
    expect(errorOf(() => readWav(bytes))).toBe(message.slice('a.wav: '.length));
  });
});

describe('writeWav', () => {
  const steps = { pcm8: 2 ** -7, pcm16: 2 ** -15, pcm24: 2 ** -23, float32: 0 } as const;
  const recording = fc.integer({ min: 1, max: 5 }).chain((channels) =>
    fc.integer({ min: 1, max: 40 }).chain((frames) =>
      fc.record({
        sampleRate: fc.integer({ min: 1, max: 0xffffffff }),
        channels: fc.array(
          fc
            .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: frames, maxLength: frames })
            .map((samples) => Float32Array.from(samples)),
          { minLength: channels, maxLength: channels },
        ),
      }),
    ),
  );

  it.each(Object.keys(steps) as WavFormat[])('round trip of %s', (format) => {
    fc.assert(
      fc.property(recording, (audio) => {
        const file = writeWav(audio, { format });
        const back = readWav(file);
        expect(back.sampleRate).toBe(audio.sampleRate);
        expect(back.channels).toHaveLength(audio.channels.length);
        audio.channels.forEach((samples, channel) => {
          samples.forEach((sample, index) => {
            // The largest code lies one step below 1.
            const nearest = Math.min(sample, 1 - steps[format]);
            const difference = Math.abs((back.channels[channel]?.[index] ?? NaN) - nearest);
            expect(difference).toBeLessThanOrEqual(steps[format] / 2);
          });
        });
        expect(writeWav(back, { format })).toEqual(file);
      }),
    );
  });

  it('clips', () => {
    const audio = { sampleRate: 8000, channels: [Float32Array.of(-7, 7)] };
    expect(firstChannel(writeWav(audio, { format: 'pcm8' }))).toEqual([-1, 127 / 128]);
    expect(firstChannel(writeWav(audio, { format: 'pcm24' }))).toEqual([-1, 1 - 2 ** -23]);
    expect(firstChannel(writeWav(audio, { format: 'float32' }))).toEqual([-7, 7]);
  });

  it('writes the header other programs expect', () => {
    const file = writeWav(
      { sampleRate: 48000, channels: [new Float32Array(3), new Float32Array(3)] },
      { format: 'pcm24' },
    );
    expect(Buffer.from(file).readUInt32LE(4)).toBe(file.length - 8);
    const [format, data] = chunksOf(file);
    expect(format?.body.toString('hex')).toBe('0100020080bb0000006504000600' + '1800');
    expect(data?.body).toHaveLength(18);
    const float = writeWav({ sampleRate: 48000, channels: [new Float32Array(3)] }, { format: 'float32' });
    expect(chunksOf(float).map(({ name, body }) => [name, body.length])).toEqual([
      ['fmt ', 18],
      ['fact', 4],
      ['data', 12],
    ]);
    expect(chunksOf(float)[1]?.body.readUInt32LE(0)).toBe(3);
  });

  it('writes labels where an audio editor looks for them', () => {
    const audio = { sampleRate: 1000, channels: [new Float32Array(2001)] };
    const cues = [
      { start: 0.5, end: 1.25, label: 'été' },
      { start: 1.5, label: 'point' },
      { start: 1.9, end: 2.5, label: 'beyond' },
    ];
    const file = writeWav(audio, { format: 'pcm8', cues });
    expect(readWav(file).channels[0]).toHaveLength(2001);
    const chunks = chunksOf(file);
    expect(chunks.map(({ name }) => name)).toEqual(['fmt ', 'data', 'cue ', 'LIST']);
    const [, , cue, list] = chunks;
    expect(cue?.body.readUInt32LE(0)).toBe(3);
    const points = [0, 1, 2].map((index) => cue?.body.subarray(4 + 24 * index, 28 + 24 * index));
    expect(
      points.map((point) => [
        point?.readUInt32LE(0),
        point?.readUInt32LE(4),
        point?.toString('latin1', 8, 12),
        point?.readUInt32LE(20),
      ]),
    ).toEqual([
      [1, 500, 'data', 500],
      [2, 1500, 'data', 1500],
      [3, 1900, 'data', 1900],
    ]);
    expect(list?.body.toString('latin1', 0, 4)).toBe('adtl');
    // A list has the form of a file: four letters, then chunks.
    const entries = chunksOf(Buffer.concat([new Uint8Array(8), list?.body ?? new Uint8Array(0)]));
    expect(
      entries.map(({ name, body }) =>
        name === 'labl'
          ? [name, body.readUInt32LE(0), body.toString('utf8', 4)]
          : [name, body.readUInt32LE(0), body.readUInt32LE(4), body.toString('latin1', 8, 12)],
      ),
    ).toEqual([
      ['labl', 1, 'été\0'],
      ['ltxt', 1, 750, 'rgn '],
      ['labl', 2, 'point\0'],
      ['labl', 3, 'beyond\0'],
      ['ltxt', 3, 101, 'rgn '],
    ]);
  });

  const mono = (...samples: number[]) => ({ sampleRate: 8000, channels: [Float32Array.from(samples)] });
  it.each<[Parameters<typeof writeWav>[0], string]>([
    [{ sampleRate: 8000, channels: [] }, '0 channels to write: expected 1 to 256'],
    [mono(), 'no samples to write: expected at least one'],
    [
      { ...mono(1), sampleRate: 44100.5 },
      'a sample rate of 44100.5 Hz: expected a whole number from 1 to 4294967295',
    ],
    [mono(0, NaN), 'sample 1 of channel 0 is NaN: expected a finite number'],
    [
      { sampleRate: 8000, channels: [new Float32Array(2), new Float32Array(3)] },
      'channel 1 has 3 samples, channel 0 has 2: expected equal lengths',
    ],
  ])('refuses what is no recording (%#)', (audio, message) => {
    expect(errorOf(() => writeWav(audio, { format: 'pcm16' }))).toBe(message);
  });

  it('refuses cues outside the recording', () => {
    const write = (start: number, end?: number) => () =>
      writeWav(mono(0, 0), {
        format: 'pcm16',
        cues: [{ start, label: '', ...(end === undefined ? {} : { end }) }],
      });
    expect(errorOf(write(1))).toBe('cue 0 starts at 1 s: expected 0 to the 0.00025 s of the recording');
    expect(errorOf(write(NaN))).toBe('cue 0 starts at NaN s: expected 0 to the 0.00025 s of the recording');
    expect(errorOf(write(0.0001, 0))).toBe('cue 0 ends at 0 s: expected its start at 0.0001 s or later');
  });
});
