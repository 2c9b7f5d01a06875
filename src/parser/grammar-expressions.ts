/**
 * The grammar of expressions. Operators are read as a flat list (`operand operator operand ...`) and get their precedence when the AST is
 * built, which keeps the parser's stack shallow; `->` binds tighter than every operator and is a rule of its own.
 */
import type { CstNode, IParserConfig, ParserMethod, TokenVocabulary } from "chevrotain";
import { RecoveringParser } from "./recovery.js";
import { placeOf } from "./token-place.js";
import * as t from "./tokens.js";
import { isUnitWord } from "./units.js";

type Rule = ParserMethod<[], CstNode>;

export class ExpressionGrammar extends RecoveringParser {
  /** `weights` after a value starts the next setting there, and names weights elsewhere. */
  protected inSettings = false;

  constructor(vocabulary: TokenVocabulary, config: IParserConfig) {
    super(vocabulary, config);
  }

  /** operand { operator operand } */
  protected readonly expression: Rule = this.plain("expression", () => {
    this.SUBRULE(this.operand);
    this.MANY({
      GATE: () => !this.is(t.By) || !this.is(t.Equal, 2),
      DEF: () => {
        this.CONSUME(t.BinaryOperatorSign);
        this.SUBRULE2(this.operand);
      },
    });
  });

  /** What `choose` and `adapt` take without braces: arithmetic and ranges, no comparison. */
  protected readonly choiceRange: Rule = this.plain("choiceRange", () => {
    this.SUBRULE(this.operand);
    this.MANY({
      GATE: () => !this.comesComparison() && (!this.is(t.By) || !this.is(t.Equal, 2)),
      DEF: () => {
        this.CONSUME(t.BinaryOperatorSign);
        this.SUBRULE2(this.operand);
      },
    });
  });

  protected readonly operand: Rule = this.plain("operand", () => {
    this.MANY(() => this.CONSUME(t.PrefixOperatorSign));
    this.SUBRULE(this.pipe);
  });

  /** x -> f(a) -> g, each stage optionally followed by `weights NAME`. */
  protected readonly pipe: Rule = this.plain("pipe", () => {
    this.SUBRULE(this.postfix);
    this.MANY({
      GATE: () => this.is(t.Arrow) || this.comesWeights(),
      DEF: () => this.OR([
        { ALT: () => this.SUBRULE(this.stage) },
        { ALT: () => this.SUBRULE(this.weightsClause) },
      ]),
    });
  });

  protected readonly stage: Rule = this.plain("stage", () => {
    this.CONSUME(t.Arrow);
    this.SUBRULE(this.postfix);
  });

  protected readonly weightsClause: Rule = this.plain("weightsClause", () => {
    this.CONSUME(t.Weights);
    this.CONSUME(t.Name);
    this.MANY({ GATE: () => this.sameLine(), DEF: () => this.SUBRULE(this.index) });
    this.OPTION({
      GATE: () => this.is(t.Name, 2),
      DEF: () => {
        this.CONSUME(t.Through);
        this.SUBRULE(this.postfix);
      },
    });
  });

  /** A call or an index must start on the line where its operand ends: a line that starts with `[` or `(` is something new. */
  protected readonly postfix: Rule = this.plain("postfix", () => {
    this.SUBRULE(this.atom);
    this.MANY({
      GATE: () => this.sameLine(),
      DEF: () => this.OR([
        { ALT: () => this.SUBRULE(this.callArguments) },
        { ALT: () => this.SUBRULE(this.index) },
      ]),
    });
  });

  protected readonly callArguments: Rule = this.plain("callArguments", () => {
    this.CONSUME(t.OpenParenthesis);
    this.OPTION(() => {
      this.SUBRULE(this.argument);
      this.MANY({
        GATE: () => !this.is(t.CloseParenthesis, 2),
        DEF: () => {
          this.CONSUME(t.Comma);
          this.SUBRULE2(this.argument);
        },
      });
      this.OPTION2(() => this.CONSUME2(t.Comma));
    });
    this.CONSUME(t.CloseParenthesis);
  });

  protected readonly argument: Rule = this.synced("argument", (token) => token.tokenType === t.Comma, () => {
    this.OPTION({
      GATE: () => this.is(t.Equal, 2),
      DEF: () => {
        this.CONSUME(t.Name);
        this.CONSUME(t.Equal);
      },
    });
    this.SUBRULE(this.expression);
  });

  protected readonly index: Rule = this.plain("index", () => {
    this.CONSUME(t.OpenBracket);
    this.SUBRULE(this.expression);
    this.CONSUME(t.CloseBracket);
  });

  protected readonly atom: Rule = this.plain("atom", () => {
    this.OR([
      { ALT: () => this.CONSUME(t.NumberToken) },
      { ALT: () => this.CONSUME(t.StringToken) },
      { ALT: () => this.CONSUME(t.True) },
      { ALT: () => this.CONSUME(t.False) },
      { ALT: () => this.CONSUME(t.None) },
      { ALT: () => this.SUBRULE(this.choice) },
      { ALT: () => this.SUBRULE(this.ifExpression) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.record) },
      { ALT: () => this.SUBRULE(this.group) },
      { ALT: () => this.CONSUME(t.Elided) },
      { ALT: () => this.CONSUME(t.Name) },
    ]);
  });

  protected readonly group: Rule = this.plain("group", () => {
    this.CONSUME(t.OpenParenthesis);
    this.SUBRULE(this.expression);
    this.CONSUME(t.CloseParenthesis);
  });

  protected readonly list: Rule = this.plain("list", () => {
    this.CONSUME(t.OpenBracket);
    this.OPTION(() => {
      this.SUBRULE(this.element);
      this.MANY({
        GATE: () => !this.is(t.CloseBracket, 2),
        DEF: () => {
          this.CONSUME(t.Comma);
          this.SUBRULE2(this.element);
        },
      });
      this.OPTION2(() => this.CONSUME2(t.Comma));
    });
    this.CONSUME(t.CloseBracket);
  });

  protected readonly element: Rule = this.synced("element", (token) => token.tokenType === t.Comma, () => {
    this.SUBRULE(this.expression);
  });

  protected readonly record: Rule = this.plain("record", () => {
    this.CONSUME(t.OpenBrace);
    this.MANY({
      GATE: () => !this.is(t.CloseBrace),
      DEF: () => {
        this.SUBRULE(this.field);
        this.OPTION(() => this.CONSUME(t.Comma));
      },
    });
    this.CONSUME(t.CloseBrace);
  });

  protected readonly field: Rule = this.synced("field", (token) => token.tokenType === t.Comma, () => {
    this.CONSUME(t.Name);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.expression);
  });

  /** if c { a } else if d { b } else { e }; a loop, so that long chains need no deep stack. */
  protected readonly ifExpression: Rule = this.plain("ifExpression", () => {
    this.SUBRULE(this.ifBranch);
    this.MANY({
      GATE: () => this.is(t.If, 2),
      DEF: () => {
        this.CONSUME(t.Else);
        this.SUBRULE2(this.ifBranch);
      },
    });
    this.CONSUME2(t.Else);
    this.SUBRULE(this.braced);
  });

  protected readonly ifBranch: Rule = this.plain("ifBranch", () => {
    this.CONSUME(t.If);
    this.SUBRULE(this.expression);
    this.SUBRULE(this.braced);
  });

  protected readonly braced: Rule = this.plain("braced", () => {
    this.CONSUME(t.OpenBrace);
    this.SUBRULE(this.bracedValue);
    this.CONSUME(t.CloseBrace);
  });

  protected readonly bracedValue: Rule = this.synced("bracedValue", () => false, () => {
    this.SUBRULE(this.expression);
  });

  /** choose [label] { alternatives } [unit] [if guard], choose [label] RANGE [if guard]; a label before a range that starts with a number */
  protected readonly choice: Rule = this.plain("choice", () => {
    this.OR([{ ALT: () => this.CONSUME(t.Choose) }, { ALT: () => this.CONSUME(t.Adapt) }]);
    this.OR2([
      {
        GATE: () => this.is(t.OpenBrace) || this.is(t.OpenBrace, 2),
        ALT: () => {
          this.OPTION(() => this.CONSUME(t.Name));
          this.SUBRULE(this.alternatives);
          this.OPTION2({ GATE: () => this.comesUnit(), DEF: () => this.CONSUME(t.Identifier) });
        },
      },
      {
        ALT: () => {
          this.OPTION4({ GATE: () => this.is(t.NumberToken, 2), DEF: () => this.CONSUME2(t.Name) });
          this.SUBRULE(this.choiceRange);
        },
      },
    ]);
    this.OPTION3({
      GATE: () => this.sameLine() && !placeOf(this.LA(1)).inChoice,
      DEF: () => {
        this.CONSUME(t.If);
        this.SUBRULE(this.expression);
      },
    });
  });

  protected readonly alternatives: Rule = this.plain("alternatives", () => {
    this.CONSUME(t.OpenBrace);
    this.AT_LEAST_ONE({
      GATE: () => !this.is(t.CloseBrace),
      DEF: () => {
        this.SUBRULE(this.alternative);
        this.OPTION(() => this.CONSUME(t.Comma));
      },
    });
    this.CONSUME(t.CloseBrace);
  });

  protected readonly alternative: Rule = this.synced("alternative",
    (token, next) => token.tokenType === t.Comma || (placeOf(token).firstOnLine && next.tokenType === t.Colon), () => {
      this.OPTION({
        GATE: () => this.is(t.Colon, 2),
        DEF: () => {
          this.CONSUME(t.Name);
          this.CONSUME(t.Colon);
        },
      });
      this.SUBRULE(this.expression);
      this.OPTION2(() => {
        this.CONSUME(t.If);
        this.SUBRULE2(this.expression);
      });
    });

  private comesWeights(): boolean {
    return !this.inSettings && this.is(t.Weights) && this.is(t.Name, 2);
  }

  private comesComparison(): boolean {
    return [t.EqualEqual, t.NotEqual, t.Less, t.LessEqual, t.Greater, t.GreaterEqual, t.In, t.And, t.Or].some((type) => this.is(type));
  }

  /** `choose { 2, 4, 8 } bit`: a unit word on the same line that is not the next statement's name. */
  private comesUnit(): boolean {
    return this.sameLine() && isUnitWord(this.LA(1).image) && ![t.Equal, t.Dot, t.OpenBracket, t.OpenParenthesis].some((type) => this.is(type, 2));
  }
}
