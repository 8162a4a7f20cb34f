/** One row of a golden file: its columns, and its line number for messages. */
export interface Vector {
  readonly line: number;
  readonly columns: readonly string[];
}

/** Reads a golden `.tsv`: `#` lines and empty lines are skipped, `\u{hex}` in a column is that code point. */
export function readVectors(tsv: string): Vector[] {
  const vectors: Vector[] = [];
  for (const [index, row] of tsv.split("\n").entries()) {
    if (row === "" || row.startsWith("#")) continue;
    vectors.push({ line: index + 1, columns: row.split("\t").map(unescapeColumn) });
  }
  return vectors;
}

function unescapeColumn(column: string): string {
  return column.replace(/\\u\{([0-9A-Fa-f]+)\}/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
}
