const COLUMN = 7;

/** Milliseconds since this process began, its own loading included. */
export function sinceStartMs(): number {
  return Math.round(performance.now());
}

/** Tells people how far it is, line by line with the time since the start. */
export type Tell = (text: string) => void;

/** Writes to a terminal's stream; later lines of one text stand under its first. */
export function progressTo(stream: NodeJS.WriteStream): Tell {
  return (text) => {
    const time = `${(sinceStartMs() / 1000).toFixed(1)} s`.padStart(COLUMN);
    const [first = "", ...more] = text.split("\n");
    const indent = " ".repeat(COLUMN + 2);
    stream.write(`${[`${time}  ${first}`, ...more.map((line) => `${indent}${line}`)].join("\n")}\n`);
  };
}
