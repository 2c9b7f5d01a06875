/**
 * The grammar of declarations, statements and settings, on top of expressions. One parser instance serves all files: chevrotain's
 * analysis of the grammar is the slow part, and `parse.ts` resets the instance for each text.
 */
import type { CstNode, IToken, ParserMethod } from "chevrotain";
import { EOF, tokenMatcher } from "./chevrotain.js";
import { ExpressionGrammar } from "./grammar-expressions.js";
import { syntaxErrorMessages } from "./syntax-errors.js";
import { placeOf } from "./token-place.js";
import * as t from "./tokens.js";

type Rule = ParserMethod<[], CstNode>;

const isName = (token: IToken): boolean => tokenMatcher(token, t.Name);

/** A statement may start here: a line start, `name =`, or a word that only starts statements. */
function startsStatement(token: IToken, next: IToken): boolean {
  if (token.tokenType === t.CloseBrace) return false;
  if (placeOf(token).firstOnLine) return token.tokenType !== t.Else;
  if (isName(token) && next.tokenType === t.Equal) return true;
  if ([t.Input, t.Output, t.Share].includes(token.tokenType)) return isName(next);
  return [t.For, t.Require, t.Return].includes(token.tokenType);
}

/** A side of an array that is sized for each network. */
const BALANCED = "balanced";

const startsLine = (token: IToken): boolean => placeOf(token).firstOnLine;

export class NasGrammar extends ExpressionGrammar {
  /** Chevrotain's check of the grammar itself finds our mistakes and nobody else's: the tests ask for it, each start of nasc does not. */
  constructor({ validated = false }: { readonly validated?: boolean } = {}) {
    super([...t.tokenTable], { errorMessageProvider: syntaxErrorMessages, skipValidations: !validated });
    this.performSelfAnalysis();
  }

  readonly program: Rule = this.plain("program", () => {
    this.MANY({ GATE: () => !this.is(EOF), DEF: () => this.SUBRULE(this.declaration) });
  });

  protected readonly declaration: Rule = this.synced("declaration", (token) => placeOf(token).startsDeclaration, () => {
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.importDeclaration) },
        { ALT: () => this.SUBRULE(this.constDeclaration) },
        { ALT: () => this.SUBRULE(this.blockDeclaration) },
        { ALT: () => this.SUBRULE(this.spaceDeclaration) },
        { ALT: () => this.SUBRULE(this.architectureDeclaration) },
        { ALT: () => this.SUBRULE(this.acceleratorDeclaration) },
        { ALT: () => this.SUBRULE(this.searchDeclaration) },
        { ALT: () => this.SUBRULE(this.unexpected) },
      ],
      IGNORE_AMBIGUITIES: true,
    });
  });

  /** Text that starts nothing: takes a token and fails, so that the synced rule around it reports the token and skips on. */
  protected readonly unexpected: Rule = this.plain("unexpected", () => {
    this.CONSUME(t.AnyToken);
    this.CONSUME(t.Nothing);
  });

  protected readonly importDeclaration: Rule = this.plain("importDeclaration", () => {
    this.CONSUME(t.Import);
    this.CONSUME(t.OpenBrace);
    this.OPTION(() => {
      this.SUBRULE(this.importedName);
      this.MANY({
        GATE: () => !this.is(t.CloseBrace, 2),
        DEF: () => {
          this.CONSUME(t.Comma);
          this.SUBRULE2(this.importedName);
        },
      });
      this.OPTION2(() => this.CONSUME2(t.Comma));
    });
    this.CONSUME(t.CloseBrace);
    this.CONSUME(t.From);
    this.CONSUME(t.StringToken);
  });

  protected readonly importedName: Rule = this.plain("importedName", () => {
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.As);
      this.CONSUME2(t.Name);
    });
  });

  protected readonly constDeclaration: Rule = this.plain("constDeclaration", () => {
    this.ACTION(() => { this.inSettings = false; });
    this.CONSUME(t.Const);
    this.CONSUME(t.Name);
    this.CONSUME(t.Equal);
    this.SUBRULE(this.expression);
  });

  protected readonly blockDeclaration: Rule = this.plain("blockDeclaration", () => {
    this.ACTION(() => { this.inSettings = false; });
    this.CONSUME(t.Block);
    this.CONSUME(t.Name);
    this.CONSUME(t.OpenParenthesis);
    this.OPTION(() => {
      this.SUBRULE(this.parameter);
      this.MANY({
        GATE: () => !this.is(t.CloseParenthesis, 2),
        DEF: () => {
          this.CONSUME(t.Comma);
          this.SUBRULE2(this.parameter);
        },
      });
      this.OPTION2(() => this.CONSUME2(t.Comma));
    });
    this.CONSUME(t.CloseParenthesis);
    this.OPTION3(() => this.CONSUME(t.Reversible));
    this.SUBRULE(this.body);
  });

  protected readonly parameter: Rule = this.synced("parameter", (token) => token.tokenType === t.Comma, () => {
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.Equal);
      this.SUBRULE(this.expression);
    });
  });

  protected readonly spaceDeclaration: Rule = this.plain("spaceDeclaration", () => {
    this.ACTION(() => { this.inSettings = false; });
    this.CONSUME(t.Space);
    this.CONSUME(t.Name);
    this.SUBRULE(this.body);
  });

  protected readonly architectureDeclaration: Rule = this.plain("architectureDeclaration", () => {
    this.ACTION(() => { this.inSettings = false; });
    this.CONSUME(t.Architecture);
    this.CONSUME(t.Name);
    this.CONSUME(t.Of);
    this.CONSUME2(t.Name);
    this.CONSUME(t.OpenBrace);
    this.MANY({ GATE: () => !this.is(t.CloseBrace) && !this.is(EOF), DEF: () => this.SUBRULE(this.binding) });
    this.CONSUME(t.CloseBrace);
  });

  protected readonly binding: Rule = this.synced("binding", startsLine, () => {
    this.OR({ DEF: [{ ALT: () => this.SUBRULE(this.decisionPath) }, { ALT: () => this.SUBRULE(this.unexpected) }], IGNORE_AMBIGUITIES: true });
    this.CONSUME(t.Equal);
    this.SUBRULE(this.expression);
  });

  /** mix#2[1].kernel, mix[*] */
  protected readonly decisionPath: Rule = this.plain("decisionPath", () => {
    this.SUBRULE(this.pathSegment);
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.SUBRULE2(this.pathSegment);
    });
  });

  protected readonly pathSegment: Rule = this.plain("pathSegment", () => {
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.Hash);
      this.CONSUME(t.NumberToken);
    });
    this.MANY(() => {
      this.CONSUME(t.OpenBracket);
      this.SUBRULE(this.pathRound);
      this.MANY2(() => {
        this.CONSUME(t.Comma);
        this.SUBRULE2(this.pathRound);
      });
      this.CONSUME(t.CloseBracket);
    });
  });

  protected readonly pathRound: Rule = this.plain("pathRound", () => {
    this.OR([{ ALT: () => this.CONSUME(t.NumberToken) }, { ALT: () => this.CONSUME(t.Star) }]);
  });

  protected readonly acceleratorDeclaration: Rule = this.plain("acceleratorDeclaration", () => {
    this.ACTION(() => { this.inSettings = true; });
    this.CONSUME(t.Accelerator);
    this.CONSUME(t.Name);
    this.SUBRULE(this.settings);
  });

  protected readonly searchDeclaration: Rule = this.plain("searchDeclaration", () => {
    this.ACTION(() => { this.inSettings = true; });
    this.CONSUME(t.Search);
    this.CONSUME(t.Name);
    this.SUBRULE(this.settings);
  });

  protected readonly settings: Rule = this.plain("settings", () => {
    this.CONSUME(t.OpenBrace);
    this.MANY({ GATE: () => !this.is(t.CloseBrace) && !this.is(EOF), DEF: () => this.SUBRULE(this.setting) });
    this.CONSUME(t.CloseBrace);
  });

  /** name [values] [on Target] [{ settings }]; the first value stands on the line of the name. */
  protected readonly setting: Rule = this.synced("setting", startsLine, () => {
    this.OR({
      DEF: [
        {
          GATE: () => this.is(t.To, 2),
          ALT: () => {
            this.CONSUME(t.Subject);
            this.CONSUME(t.To);
          },
        },
        { ALT: () => this.CONSUME(t.Name) },
        { ALT: () => this.SUBRULE(this.unexpected) },
      ],
      IGNORE_AMBIGUITIES: true,
    });
    this.OPTION(() => this.OR2([{ ALT: () => this.CONSUME(t.Equal) }, { ALT: () => this.CONSUME(t.Colon) }]));
    // Read as the name that it was meant to be; readers of settings say that it cannot be one.
    this.OPTION5({ GATE: () => this.sameLine() && t.neverValues.has(this.LA(1).tokenType) && this.is(t.OpenBrace, 2), DEF: () => this.CONSUME(t.AnyToken) });
    this.OPTION2({
      GATE: () => this.sameLine() && !this.is(t.OpenBrace),
      DEF: () => {
        this.SUBRULE(this.settingValue);
        this.MANY(() => {
          this.CONSUME(t.Comma);
          this.SUBRULE2(this.settingValue);
        });
      },
    });
    this.OPTION3({
      GATE: () => this.is(t.Name, 2),
      DEF: () => {
        this.CONSUME(t.On);
        this.CONSUME2(t.Name);
      },
    });
    this.OPTION4(() => this.SUBRULE(this.settings));
  });

  /** An expression, or dimensions: 12 x 14. */
  protected readonly settingValue: Rule = this.plain("settingValue", () => {
    this.SUBRULE(this.expression);
    this.MANY({
      GATE: () => this.comesDimension(),
      DEF: () => {
        this.CONSUME(t.Identifier);
        this.SUBRULE(this.operand);
      },
    });
  });

  /** Names are no sides of arrays, as `x` may be the next setting; the word for a side that is sized by the network is none. */
  private comesDimension(): boolean {
    const sized = (token: IToken): boolean => token.image === BALANCED;
    return this.sameLine() && this.LA(1).image === "x" && ([t.NumberToken, t.OpenParenthesis, t.Choose].some((type) => this.is(type, 2)) || sized(this.LA(2)))
      && (!tokenMatcher(this.LA(0), t.Name) || sized(this.LA(0)));
  }

  protected readonly body: Rule = this.plain("body", () => {
    this.CONSUME(t.OpenBrace);
    this.MANY({ GATE: () => !this.is(t.CloseBrace) && !this.is(EOF), DEF: () => this.SUBRULE(this.statement) });
    this.CONSUME(t.CloseBrace);
  });

  protected readonly statement: Rule = this.synced("statement", startsStatement, () => {
    this.OR({
      DEF: [
        { GATE: () => this.is(t.Name, 2), ALT: () => this.SUBRULE(this.inputStatement) },
        { GATE: () => this.is(t.Name, 2), ALT: () => this.SUBRULE(this.outputStatement) },
        { GATE: () => this.is(t.Name, 2), ALT: () => this.SUBRULE(this.shareStatement) },
        { ALT: () => this.SUBRULE(this.forStatement) },
        { ALT: () => this.SUBRULE(this.ifStatement) },
        { ALT: () => this.SUBRULE(this.requireStatement) },
        { ALT: () => this.SUBRULE(this.returnStatement) },
        { ALT: () => this.SUBRULE(this.assignStatement) },
        { ALT: () => this.SUBRULE(this.unexpected) },
      ],
      IGNORE_AMBIGUITIES: true,
    });
  });

  protected readonly assignStatement: Rule = this.plain("assignStatement", () => {
    this.CONSUME(t.Name);
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.CONSUME2(t.Name);
    });
    this.CONSUME(t.Equal);
    this.SUBRULE(this.expression);
  });

  protected readonly forStatement: Rule = this.plain("forStatement", () => {
    this.CONSUME(t.For);
    this.CONSUME(t.Name);
    this.CONSUME(t.In);
    this.SUBRULE(this.expression);
    this.SUBRULE(this.body);
  });

  protected readonly ifStatement: Rule = this.plain("ifStatement", () => {
    this.SUBRULE(this.conditionalBody);
    this.MANY({
      GATE: () => this.is(t.If, 2),
      DEF: () => {
        this.CONSUME(t.Else);
        this.SUBRULE2(this.conditionalBody);
      },
    });
    this.OPTION(() => {
      this.CONSUME2(t.Else);
      this.SUBRULE(this.body);
    });
  });

  protected readonly conditionalBody: Rule = this.plain("conditionalBody", () => {
    this.CONSUME(t.If);
    this.SUBRULE(this.expression);
    this.SUBRULE(this.body);
  });

  protected readonly requireStatement: Rule = this.plain("requireStatement", () => {
    this.CONSUME(t.Require);
    this.SUBRULE(this.expression);
    this.OPTION({
      GATE: () => this.is(t.Every, 2) && this.is(t.Name, 3),
      DEF: () => {
        this.CONSUME(t.For);
        this.CONSUME(t.Every);
        this.CONSUME(t.Name);
        this.MANY(() => {
          this.CONSUME(t.Comma);
          this.CONSUME2(t.Name);
        });
      },
    });
  });

  protected readonly inputStatement: Rule = this.plain("inputStatement", () => {
    this.CONSUME(t.Input);
    this.CONSUME(t.Name);
    this.CONSUME(t.Colon);
    this.CONSUME2(t.Name);
    this.OPTION({ GATE: () => this.sameLine(), DEF: () => this.SUBRULE(this.list) });
  });

  protected readonly outputStatement: Rule = this.plain("outputStatement", () => {
    this.CONSUME(t.Output);
    this.CONSUME(t.Name);
    this.OR([{ ALT: () => this.CONSUME(t.Equal) }, { ALT: () => this.CONSUME(t.Colon) }]);
    this.SUBRULE(this.expression);
  });

  protected readonly shareStatement: Rule = this.plain("shareStatement", () => {
    this.CONSUME(t.Share);
    this.CONSUME(t.Name);
  });

  protected readonly returnStatement: Rule = this.plain("returnStatement", () => {
    this.CONSUME(t.Return);
    this.SUBRULE(this.expression);
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.SUBRULE2(this.expression);
    });
  });
}
