/** The page of one diagnostic code, as `nasc explain` prints it. */
export interface CodePage {
  readonly slug: string;
  /** One sentence: what is wrong. */
  readonly summary: string;
  /** A few sentences: why it matters and how to mend it; may hold a small .nas example. */
  readonly explanation: string;
}
