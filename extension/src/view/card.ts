/** A card as it is shown. Empty texts and lists are left out. */
export interface Card {
  /** The bar on its left: about the viewer, or in need of them. */
  readonly bar: "" | "you" | "bad";
  readonly title: string;
  /** The status, in a word. */
  readonly chip: string;
  readonly text: string;
  /** What is to be whispered, with a button that copies it. */
  readonly phrase: string;
  readonly steps: readonly Step[];
  readonly button: CardButton;
}

/** One of the steps to the gold. */
export interface Step {
  readonly name: string;
  readonly state: "done" | "now" | "open";
}

/** A card's button and what it does; without a label there is none. */
export interface CardButton {
  readonly label: string;
  readonly act: "share" | "dismiss" | "retry";
  readonly isOff: boolean;
}

/** A card of its title and text; the rest is laid over. */
export function card(title: string, text: string, more: Partial<Card> = {}): Card {
  return { bar: "", title, chip: "", text, phrase: "", steps: [], button: button("", "dismiss"), ...more };
}

/** A button that can be pressed. */
export function button(label: string, act: CardButton["act"], isOff = false): CardButton {
  return { label, act, isOff };
}
