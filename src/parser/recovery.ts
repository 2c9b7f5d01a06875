/**
 * How the parser goes on after an error. Only the rules made with `synced` catch errors: they skip to the next place where such a rule may
 * start again, judged by bracket depth and line starts. Brackets are balanced before parsing (`prepare-tokens.ts`), so depths can be
 * trusted. Chevrotain's guessing (inserting or deleting single tokens) is off: it hides names and makes follow-up errors.
 */
import { CstParser, EOF, isRecognitionException, tokenMatcher } from "./chevrotain.js";
import type { CstNode, IParserConfig, IToken, ParserMethod, TokenType, TokenVocabulary } from "chevrotain";
import { placeOf } from "./token-place.js";

/** Whether parsing can go on at `token`, `next` being the token after it. */
export type RestartTest = (token: IToken, next: IToken, after: IToken) => boolean;

interface Failure { readonly depth: number; readonly restarts: RestartTest; readonly stuck: boolean }

export class RecoveringParser extends CstParser {
  // Methods of chevrotain that its published types leave out.
  declare protected readonly SKIP_TOKEN: () => IToken;
  declare protected attemptInRepetitionRecovery: () => void;
  private failure: Failure | undefined;

  constructor(vocabulary: TokenVocabulary, config: IParserConfig) {
    super(vocabulary, { ...config, recoveryEnabled: true, nodeLocationTracking: "full", maxLookahead: 1 });
    this.attemptInRepetitionRecovery = () => undefined;
  }

  /** A rule that catches the errors inside it and restarts after the damage. */
  protected synced(name: string, restarts: RestartTest, implementation: () => void): ParserMethod<[], CstNode> {
    return this.RULE(name, () => {
      const first = this.LA(1);
      try {
        implementation();
      } catch (error) {
        if (error instanceof Error && isRecognitionException(error)) this.failure = { depth: placeOf(first).depth, restarts, stuck: this.LA(1) === first };
        throw error;
      }
    });
  }

  /** A rule that passes errors on to the nearest synced rule around it, together with what it has read so far. */
  protected plain(name: string, implementation: () => void): ParserMethod<[], CstNode> {
    return this.RULE(name, implementation);
  }

  protected is(type: TokenType, distance = 1): boolean {
    return tokenMatcher(this.LA(distance), type);
  }

  /** The next token stands on the line where the last one ended. */
  protected sameLine(): boolean {
    return this.LA(1).startLine === this.LA(0).endLine;
  }

  // ---- chevrotain's recovery hooks ----

  protected override canTokenTypeBeInsertedInRecovery(): boolean { return false; }
  protected override canTokenTypeBeDeletedInRecovery(): boolean { return false; }
  protected findReSyncTokenType(): TokenType { return EOF; }
  /** Asked for every rule that an error leaves: true in the synced rule that has just noted the failure. */
  protected isInCurrentRuleReSyncSet(): boolean { return this.failure !== undefined; }

  protected reSyncTo(): IToken[] {
    const failure = this.failure;
    this.failure = undefined;
    const skipped: IToken[] = [];
    if (failure === undefined) return skipped;
    if (failure.stuck && !this.is(EOF)) this.skip(skipped);
    while (!this.is(EOF)) {
      const { depth } = placeOf(this.LA(1));
      if (depth < failure.depth) break;
      if (depth === failure.depth && failure.restarts(this.LA(1), this.LA(2), this.LA(3))) break;
      this.skip(skipped);
    }
    return skipped;
  }

  private skip(skipped: IToken[]): void {
    skipped.push(this.LA(1));
    this.SKIP_TOKEN();
  }
}
