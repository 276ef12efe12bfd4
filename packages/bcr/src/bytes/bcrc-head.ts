import type { BcrcForm } from '../bcrc.ts';
import { checkExtents } from '../matrix.ts';
import type { ByteReader, ByteWriter } from './byte-cursor.ts';

/** What errors call the bytes. */
export const format = 'BCRC data';

/** Bytes that all forms start with. */
export const headBytes = 16;

/** What the bytes of every form start with. */
export interface BcrcHead {
  readonly form: BcrcForm;
  /** Bytes per index; 0 where indices are bits. */
  readonly width: number;
  /** Whether an order of rows is stored. */
  readonly storedOrder: boolean;
  readonly rows: number;
  readonly columns: number;
}

/** A shape that decoded bytes must have. */
export interface ExpectedShape {
  /** Rows of the matrix. */
  readonly rows: number;
  /** Columns of the matrix. */
  readonly columns: number;
}

const magic = 0x43524342;
const version = 1;

/** The number of a form is its place. */
const forms: readonly BcrcForm[] = ['shared', 'chained', 'blocked'];

/** Writes the head. */
export function writeHead(writer: ByteWriter, head: BcrcHead): void {
  writer.word(magic);
  writer.byte(version);
  writer.byte(forms.indexOf(head.form));
  writer.byte(head.width);
  writer.byte(head.storedOrder ? 1 : 0);
  writer.word(head.rows);
  writer.word(head.columns);
}

/** Reads the head and refuses what is no BCRC matrix, or not of the shape expected. */
export function readHead(reader: ByteReader, expected: ExpectedShape | undefined): BcrcHead {
  if (reader.remaining() < headBytes) {
    throw new RangeError(
      `${format} ends early: its head has ${headBytes} bytes, ${reader.remaining()} are there`,
    );
  }
  if (reader.word() !== magic) throw new RangeError(`${format} must start with BCRC`);
  const found = reader.byte();
  if (found !== version) {
    throw new RangeError(`${format} of version ${found} is not supported, only ${version}`);
  }
  const formNumber = reader.byte();
  const form = forms[formNumber];
  if (form === undefined) {
    throw new RangeError(`${format} has form ${formNumber}, known are 0 to ${forms.length - 1}`);
  }
  const width = reader.byte();
  const order = reader.byte();
  if (order > 1) throw new RangeError(`${format} has ${order} for its order, not 0 or 1`);
  const rows = reader.word();
  const columns = reader.word();
  checkExtents(rows, columns);
  if (expected && (rows !== expected.rows || columns !== expected.columns)) {
    throw new RangeError(
      `${format} is of shape ${rows}x${columns}, expected ${expected.rows}x${expected.columns}`,
    );
  }
  return { form, width, storedOrder: order === 1, rows, columns };
}
