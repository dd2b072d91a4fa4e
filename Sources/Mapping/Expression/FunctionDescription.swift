/// What the manual says of a function of the mapping language.
///
/// The examples are run by the tests, and Docs/Mapping/functions.md is made of this list.
public struct FunctionDescription: Sendable {
  /// An expression over the sample document of the manual, and its result or the code of its error.
  public struct Example: Sendable {
    public let expression: String
    public let result: String

    init(_ expression: String, _ result: String) {
      self.expression = expression
      self.result = result
    }
  }

  public let name: String
  /// As it is written, with the names of its arguments.
  public let signature: String
  public let summary: String
  /// How many arguments it takes.
  public let arity: ClosedRange<Int>
  public let examples: [Example]

  init(_ signature: String, _ arity: ClosedRange<Int>, _ summary: String, _ examples: [Example]) {
    self.name = String(signature.prefix { $0 != "(" })
    self.signature = signature
    self.arity = arity
    self.summary = summary
    self.examples = examples
  }

  public static func named(_ name: String) -> FunctionDescription? { all.first { $0.name == name } }

  /// Every function, in the order of the manual.
  public static let all: [FunctionDescription] = texts + choices + nodes + numbers + times

  private static let texts: [FunctionDescription] = [
    .init(
      "concat(text, text, …)", 2...64, "The texts one after the other. An empty path adds nothing.",
      [.init("concat(code, '/', name)", "A-100/Bolt, hex  M8"), .init("concat('no. ', string(rank))", "no. 7")]),
    .init(
      "substring(text, start, length)", 2...3,
      "The characters from `start`, counted from 1; without `length` all that follow. What lies outside the text is left out.",
      [
        .init("substring(code, 3)", "100"), .init("substring(code, 1, 1)", "A"), .init("substring('汉字表', 2, 1)", "字"),
        .init("substring(code, 0, 2)", "A"), .init("substring(code, 9)", ""),
      ]),
    .init(
      "substring-before(text, mark)", 2...2, "What stands before the first `mark`; empty where there is none.",
      [.init("substring-before(code, '-')", "A"), .init("substring-before(code, '#')", "")]),
    .init(
      "substring-after(text, mark)", 2...2, "What stands behind the first `mark`; empty where there is none.",
      [.init("substring-after(code, '-')", "100"), .init("substring-after(code, '#')", "")]),
    .init(
      "normalize-space(text)", 1...1, "Without blanks, tabs and line ends at the ends, and with one blank for each run of them inside.",
      [.init("normalize-space(name)", "Bolt, hex M8"), .init("normalize-space('  ')", "")]),
    .init(
      "translate(text, from, to)", 3...3,
      "Each character that stands in `from` replaced by the one at its place in `to`, or left out where `to` is shorter.",
      [.init("translate(code, '-', '.')", "A.100"), .init("translate('(0) 30/12', '()/ ', '')", "03012")]),
    .init(
      "upper(text)", 1...1, "In capital letters, by the rules of Unicode, the same in every country.",
      [.init("upper('straße')", "STRASSE"), .init("upper(code)", "A-100")]),
    .init("lower(text)", 1...1, "In small letters, by the rules of Unicode.", [.init("lower(code)", "a-100")]),
    .init(
      "replace(text, old, new)", 3...3, "Every `old` replaced by `new`; both are plain text, not patterns.",
      [.init("replace(name, ', ', ' / ')", "Bolt / hex  M8"), .init("replace(code, '-', '')", "A100")]),
    .init(
      "starts-with(text, prefix)", 2...2, "Whether the text begins with `prefix`.",
      [.init("starts-with(code, 'A-')", "true"), .init("starts-with(code, 'a-')", "false")]),
    .init(
      "contains(text, part)", 2...2, "Whether `part` stands in the text.",
      [.init("contains(name, 'hex')", "true"), .init("contains(name, 'Hex')", "false")]),
    .init(
      "string-length(text)", 1...1, "How many characters (Unicode scalars) the text has.",
      [.init("string-length(code)", "5"), .init("string-length('汉字')", "2"), .init("string-length(remark)", "0")]),
    .init(
      "string(value)", 1...1, "A number without trailing zeros behind the point, a truth value as `true` or `false`; text stays as it is.",
      [.init("string(price)", "12.5"), .init("string(rank)", "7"), .init("string(active)", "true")]),
  ]

  private static let choices: [FunctionDescription] = [
    .init(
      "if(condition, then, else)", 3...3, "One of two values of the same kind; the other is not computed.",
      [.init("if(price > 10, 'dear', 'cheap')", "dear"), .init("if(count(lines) = 0, 0, div(price, 0, 2, 'down'))", "DIVISION_BY_ZERO")]),
    .init(
      "coalesce(value, value, …)", 2...64, "The first value that is not empty; all are of the same kind. The last one is taken as it is.",
      [.init("coalesce(remark, name)", "Bolt, hex  M8"), .init("coalesce(discount, 0)", "0")]),
    .init("not(condition)", 1...1, "The opposite of a truth value.", [.init("not(active)", "false")]),
    .init("true()", 0...0, "The truth value.", [.init("true()", "true")]),
    .init("false()", 0...0, "The other truth value.", [.init("false()", "false")]),
  ]

  private static let nodes: [FunctionDescription] = [
    .init(
      "count(path)", 1...1, "How many nodes a path has; an optional field that is not there has none.",
      [.init("count(lines)", "3"), .init("count(lines[quantity > 5])", "1"), .init("count(discount)", "0")]),
    .init(
      "sum(path)", 1...1, "The sum of the nodes, which are numbers or texts that denote numbers; 0 where there is none.",
      [.init("sum(lines/quantity)", "15"), .init("sum(lines[code = 'X']/quantity)", "0"), .init("sum(lines/note)", "NOT_A_NUMBER")]),
    .init(
      "position()", 0...0, "The place of the current node, from 1: in a for-each among its nodes, in a predicate among its siblings.",
      [.init("lines[position() = 2]/code", "L2"), .init("lines[3]/code", "L3")]),
  ]

  private static let numbers: [FunctionDescription] = [
    .init(
      "decimal(text, mark, group)", 1...3,
      "The number that a text denotes: sign, digits, and a point or the declared decimal mark; blanks around it are left out. Where "
        + "`group` is declared, marks may stand before the decimal mark, with one to three digits before the first and three behind each; "
        + "a blank stands for any that keeps a line together, an apostrophe for the curved one, too. Anything else is an error, the empty "
        + "text too.",
      [
        .init("decimal(weight)", "0.350"), .init("decimal('1.234,50', ',', '.')", "1234.50"),
        .init("decimal('-1,234.5', '.', ',')", "-1234.5"), .init("decimal('1 234 567', ',', ' ')", "1234567"),
        .init("decimal(weight, ',', '.')", "NOT_A_NUMBER"), .init("decimal(string(price), ',', '.')", "NOT_A_NUMBER"),
        .init("decimal(code)", "NOT_A_NUMBER"), .init("decimal(remark)", "EMPTY_VALUE"),
      ]),
    .init(
      "boolean(text)", 1...1,
      "The truth value that a text denotes: true, yes, y, 1, 是 or false, no, n, 0, 否, in any case, blanks around it left out. Anything "
        + "else is an error, the empty text too.",
      [
        .init("boolean('Y')", "true"), .init("boolean(' 0 ')", "false"), .init("boolean(code)", "NOT_A_BOOLEAN"),
        .init("boolean(remark)", "EMPTY_VALUE"), .init("boolean(coalesce(remark, 'no'))", "false"),
      ]),
    .init(
      "round(number, scale, rounding)", 3...3,
      "The number with `scale` digits behind the point. The rounding is `half-even`, `half-up`, `down` (towards zero), `up` (away from "
        + "zero) or `exact` (an error where digits would be lost).",
      [
        .init("round(2.345, 2, 'half-even')", "2.34"), .init("round(2.345, 2, 'half-up')", "2.35"),
        .init("round(-2.345, 2, 'down')", "-2.34"), .init("round(2.341, 2, 'up')", "2.35"), .init("round(price, 0, 'exact')", "INEXACT"),
      ]),
    .init(
      "div(dividend, divisor, scale, rounding)", 4...4, "The quotient with `scale` digits behind the point, rounded as said.",
      [
        .init("div(price, 3, 4, 'half-even')", "4.1667"), .init("div(1, 8, 3, 'exact')", "0.125"),
        .init("div(price, count(discount), 2, 'down')", "DIVISION_BY_ZERO"),
      ]),
  ]

  private static let times: [FunctionDescription] = [
    .init(
      "date(text, format, target)", 2...3,
      "A date written as `format`, in the form `target`, without it `yyyy-MM-dd`. `|` stands between several forms in which it may be "
        + "written, `[…]` around a part that may be left out; blanks around the date are left out. The empty text stays empty; a date that "
        + "the calendar does not have is an error.",
      [
        .init("date('2026-1-5 00:00:00', 'yyyy-M-d[ HH:mm:ss]|d.M.yyyy')", "2026-01-05"),
        .init("date('5.1.2026', 'yyyy-M-d[ HH:mm:ss]|d.M.yyyy')", "2026-01-05"),
        .init("date(since, 'yyyyMMdd')", "2024-02-29"), .init("date(since, 'yyyyMMdd', 'd.M.yyyy')", "29.2.2024"),
        .init("date(since, 'dd.MM.yyyy')", "NOT_A_DATE"), .init("date(remark, 'yyyyMMdd')", ""),
      ]),
    .init(
      "time(text, format, zone)", 2...3,
      "Microseconds since 1970 (UTC) of a date and time written as `format`, which may be several, as for date(); the clock is that of `zone`, "
        + "such as `+08:00`, without it UTC.",
      [
        .init("time('1970-01-02 00:00:01', 'yyyy-MM-dd HH:mm:ss')", "86401000000"),
        .init("time('1970-01-01T08:00:00', 'yyyy-MM-ddTHH:mm:ss', '+08:00')", "0"),
      ]),
    .init(
      "time-text(microseconds, format, zone)", 2...3, "A time in microseconds since 1970, written as `format` by the clock of `zone`.",
      [
        .init("time-text(changed, 'yyyy-MM-ddTHH:mm:ssZ')", "2026-03-01T12:30:00Z"),
        .init("time-text(changed, 'yyyyMMdd HH:mm', '+08:00')", "20260301 20:30"),
      ]),
    .init(
      "now-of-document()", 0...0,
      "The time at which the document was received, in microseconds since 1970 (UTC). It is the same each time the document is mapped.",
      [.init("time-text(now-of-document(), 'yyyy-MM-dd')", "2026-03-02")]),
  ]
}
