/* The little of Alpine that the window uses; neither of its packages brings types. */
declare module "@alpinejs/csp" {
  /** What a directive is given besides its element. */
  interface DirectiveTools {
    readonly evaluateLater: <T>(expression: string) => (take: (value: T) => void) => void;
    readonly effect: (run: () => void) => void;
    readonly cleanup: (run: () => void) => void;
  }

  interface Alpine {
    data(name: string, factory: (...values: never[]) => object): void;
    store<T extends object>(name: string, value: T): void;
    store<T extends object>(name: string): T;
    magic(name: string, make: (element: HTMLElement) => unknown): void;
    directive(
      name: string,
      handle: (element: HTMLElement, directive: { readonly expression: string }, tools: DirectiveTools) => void,
    ): void;
    effect(run: () => void): void;
    raw<T>(value: T): T;
    start(): void;
  }

  const alpine: Alpine;
  export default alpine;
}
