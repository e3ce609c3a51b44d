declare const remedy: unique symbol;

/** A type that no value has. The compiler's message shows the text, which says what to write instead. */
export interface Remedy<Text extends string> {
  readonly [remedy]: Text;
}
