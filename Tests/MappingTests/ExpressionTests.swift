import CDR
import Testing

@testable import Mapping

@Suite struct ExpressionTests {
  @Test(arguments: FunctionDescription.all.map(\.name)) func manualExamplesAreTrue(_ name: String) throws {
    let function = try #require(FunctionDescription.named(name))
    #expect(!function.examples.isEmpty)
    for example in function.examples {
      #expect(Sample.result(of: example.expression) == example.result, "\(example.expression)")
    }
  }

  @Test(arguments: [
    // Paths
    ("code", "A-100"), ("/code", "A-100"), ("./code", "A-100"), ("lines[1]/code", "L1"), ("lines[quantity = 10]/note", "y"),
    ("list/currency", ""), ("cost/amount", "9.1"), ("factor", "0.1"),
    ("lines[count(tags[. = 'c']) = 1]/code", "L3"), ("lines[../rank = 7][position() = 3]/code", "L3"),
    ("lines[code = /lines[2]/code]/quantity", "10"), ("count(lines/tags)", "3"), ("sum(lines[note != 'y']/quantity)", "5"),
    // Numbers are decimal
    ("0.1 + 0.2", "0.3"), ("0.1 + 0.2 = 0.3", "true"), ("factor + 0.2 = 0.3", "true"), ("price * 3", "37.5"), ("- price", "-12.50"),
    ("--rank", "7"), ("2 + 3 * 4", "14"), ("(2 + 3) * 4", "20"), ("10 - 4 - 3", "3"), ("1.50 = 1.5", "true"), (".5 + 1", "1.5"),
    ("rank - 1", "6"),
    // Conditions
    ("price > 12.4 and rank <= 7", "true"), ("price >= 12.5", "true"), ("active = false()", "false"), ("remark = ''", "true"),
    ("status = 'active'", "true"), ("status != 'blocked'", "true"), ("active or discount > 0", "true"),
    ("not(active) and discount > 0", "false"),
    ("list/currency = ''", "true"), ("code = \"A-100\"", "true"), ("1 = 1 or 1 = 2 and 1 = 3", "true"),
    ("concat(status, '!')", "active!"), ("if(active, status, code)", "active"), ("coalesce(list/amount, cost/amount)", "9.1"),
    // Errors of the document
    ("discount + 1", "EMPTY_VALUE"), ("discount > 0", "EMPTY_VALUE"), ("lines[quantity > 0]/code", "SEVERAL_NODES"),
    ("lines[quantity > 0]/code = 'L1'", "SEVERAL_NODES"), ("decimal(name)", "NOT_A_NUMBER"), ("decimal(remark)", "EMPTY_VALUE"),
    ("substring(code, price)", "NOT_A_NUMBER"), ("round(price * price, 0, 'exact')", "INEXACT"),
    ("9999999999999999999999999999999999999 * rank", "NUMBER_OVERFLOW"), ("time-text(price, 'yyyy-MM-dd')", "NOT_A_DATE"),
  ])
  func yields(_ expression: String, _ result: String) { #expect(Sample.result(of: expression) == result) }

  @Test(arguments: [
    ("", "0: the expression is empty"),
    ("code =", "6: expected a value, found the end of the expression"),
    ("code name", "5: expected an operator or the end, found 'name'"),
    (
      "price div 2", "6: expected an operator or the end, found 'div' | a division states its scale and rounding: div(a, b, 4, 'half-even')"
    ),
    ("1 < rank < 3", "9: expected an operator or the end, found '<' | comparisons do not chain; join them with 'and'"),
    ("'open", "0: the text that begins here is not closed with '"),
    ("a:code", "1: ':' has no meaning here | a path names fields, without prefixes and axes"),
    ("code | name", "5: '|' has no meaning here | there are no unions; use coalesce() for the first value that is there"),
    ("$x", "0: '$' has no meaning here | there are no variables"),
    ("lines//code", "6: '//' is not part of the language; name each step"),
    ("lines/..", "6: '..' stands only at the beginning of a path"),
    ("lines/*", "6: a path names its fields; '*' is not among them"),
    ("concat(code", "11: expected ',' or ')', found the end of the expression"),
    ("lines[1", "7: expected ']', found the end of the expression"),
    ("1.2.3", "0: '1.2.3' is no decimal number of at most 37 digits"),
    ("kode", "0: Item has no field 'kode' | did you mean 'code'?"),
    ("cost/amuont", "5: Money has no field 'amuont' | did you mean 'amount'?"),
    ("code/x", "5: 'code' is text, which has no fields"),
    ("../code", "0: '..' leads out of the document"),
    ("uper(code)", "0: there is no function 'uper' | did you mean 'upper'?"),
    ("upper()", "0: upper() is given 0 arguments | it is written upper(text)"),
    ("round(price, 2)", "0: round() is given 2 arguments | it is written round(number, scale, rounding)"),
    ("round(price, 2, 'half-evn')", "16: 'half-evn' is no rounding | did you mean 'half-even'?"),
    ("round(price, rank, 'down')", "13: 'rank' is no scale; a scale is a number from 0 to 31"),
    ("weight * 2", "0: 'weight' is text, where a number is needed | convert it: decimal(weight)"),
    ("upper(price)", "6: 'price' is a number, where text is needed | convert it: string(price)"),
    ("price = '12'", "0: a number and text cannot be compared | convert the text: decimal('12')"),
    ("status = 'actve'", "9: 'actve' is no enumerator of Status | did you mean 'active'?"),
    ("code and active", "0: 'code' is text, where a truth value is needed | compare it: code != ''"),
    ("not(lines)", "4: 'lines' is no truth value | ask whether there is one: count(lines) > 0"),
    (
      "lines/code = 'L1'",
      "0: 'lines/code' may have several nodes where one is needed | choose one with a predicate such as [1], or use count(), sum() or a for-each"
    ),
    ("lines[0]/code", "6: [0] is no position; positions are whole numbers from 1"),
    ("if(active, 1, 'x')", "0: if() is given a number and text; all its results are of one kind"),
    ("position()", "0: position() stands outside a for-each and a predicate"),
    ("count(1)", "6: count() takes a path"),
    ("date(since, 'yyMMdd')", "12: 'yy' does not say the century | write yyyy, or put the century before it with concat()"),
    ("date(since, 'yyyy')", "12: the format has not each of year, month and day once | for example yyyy-MM-dd"),
    ("time(since, 'yyyyMMdd', 'CET')", "24: 'CET' is no zone; a zone is written +08:00 or Z"),
    (
      "decimal('x')",
      "0: this can never be computed: \"x\" is no decimal number: character 1: 'x' is neither a digit nor a mark | digits with a sign and a point, at most 37; other marks are declared: decimal(…, ',', '.')"
    ),
    ("div(1, 0, 2, 'down')", "0: this can never be computed: 1 is divided by zero"),
    ("kode + nmae", "0: Item has no field 'kode' | did you mean 'code'?\n7: Item has no field 'nmae' | did you mean 'name'?"),
    ("replace(code, '', 'x')", "14: replace() has no text to look for"),
    ("raw = ''", "0: sequence<octet> and text cannot be compared"),
  ])
  func refuses(_ expression: String, _ message: String) { #expect(Sample.result(of: expression) == message) }

  @Test func boundsItsOwnSize() {
    #expect(Sample.result(of: String(repeating: "(", count: 100) + "1").contains("nested deeper than 64 levels"))
    #expect(Sample.result(of: String(repeating: "1+", count: 300) + "1").contains("more than 256 operators"))
    #expect(Sample.result(of: String(repeating: " ", count: 9_000)).contains("9000 octets"))
    #expect(Sample.result(of: "code[" + String(repeating: "not(", count: 70) + "true()").contains("nested deeper"))
  }

  @Test func namesKeepTheirHyphens() {
    let type = RecordType(
      id: "x", name: "X", fields: [.init("end-date", .string(bound: 0)), .init("@code", .string(bound: 0)), .init("and", .long)])
    let document = Record(type: type, slots: [.text("2026"), .text("c"), .integer(1)])
    #expect(Sample.result(of: "end-date", in: document) == "2026")
    #expect(Sample.result(of: "@code", in: document) == "c")
    #expect(Sample.result(of: "and = 1 and and < 2", in: document) == "true")
  }
}
