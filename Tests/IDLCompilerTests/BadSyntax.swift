/// Words and grammar that are wrong.
let badSyntax: [BadSource] = [
  BadSource(
    name: "missing semicolon",
    text: #"""
      module M { struct A { long x; } struct B { long y }; };
      """#,
    report: #"""
      t.idl:1:32: error: expected ';' after struct 'A' [IDL0200]
      t.idl:1:50: error: expected ';' after member 'y' [IDL0200]
      """#),
  BadSource(
    name: "missing parenthesis",
    text: #"""
      interface I { void f(in long a; void g(); };
      """#,
    report: #"""
      t.idl:1:31: error: expected ')' after the parameters, found ';' [IDL0200]
      """#),
  BadSource(
    name: "missing direction",
    text: #"""
      interface I { void f(long a, in long b); };
      """#,
    report: #"""
      t.idl:1:22: error: expected 'in', 'out' or 'inout', found the keyword 'long' [IDL0200]
      """#),
  BadSource(
    name: "missing name",
    text: #"""
      interface I { void f(in long); long };
      """#,
    report: #"""
      t.idl:1:29: error: expected the name of a parameter, found ')' [IDL0200]
      t.idl:1:37: error: expected the name of an operation, found '}' [IDL0200]
      """#),
  BadSource(
    name: "missing value",
    text: #"""
      const long A = ; const long B = 1 +;
      """#,
    report: #"""
      t.idl:1:16: error: expected a constant expression, found ';' [IDL0200]
      t.idl:1:36: error: expected a constant expression, found ';' [IDL0200]
      """#),
  BadSource(
    name: "unclosed scopes",
    text: #"""
      module M { interface I { void f();
      """#,
    report: #"""
      t.idl:1:35: error: expected '}' to close interface 'I', found the end of the file [IDL0200]
      t.idl:1:24: note: its '{' is here
      t.idl:1:35: error: expected '}' to close module 'M', found the end of the file [IDL0200]
      t.idl:1:10: note: its '{' is here
      """#),
  BadSource(
    name: "brace too many",
    text: #"""
      typedef long T; } typedef long U;
      """#,
    report: #"""
      t.idl:1:17: error: '}' without '{' [IDL0200]
      """#),
  BadSource(
    name: "stray semicolon",
    text: #"""
      typedef long T;; struct S { long a;; };
      """#,
    report: #"""
      t.idl:1:16: error: ';' without a definition in front of it [IDL0200]
      t.idl:1:36: error: ';' without a definition in front of it [IDL0200]
      """#),
  BadSource(
    name: "enum lists",
    text: #"""
      enum E { a b }; enum F { a, , c }; enum G { }; enum H { x, };
      """#,
    report: #"""
      t.idl:1:12: error: expected ',' or '}' after enumerator 'a', found 'b' [IDL0200]
      t.idl:1:29: error: expected the name of an enumerator, found ',' [IDL0200]
      t.idl:1:41: error: enum 'G' has no enumerators [IDL0203]
      t.idl:1:59: error: ',' without an enumerator behind it [IDL0200]
      """#),
  BadSource(
    name: "empty bodies",
    text: #"""
      struct S {}; module M {};
      """#,
    report: #"""
      t.idl:1:8: error: struct 'S' has no members [IDL0203]
      t.idl:1:21: error: module 'M' is empty [IDL0203]
      """#),
  BadSource(
    name: "array without size",
    text: #"""
      typedef long A[]; struct S { long b[2; };
      """#,
    report: #"""
      t.idl:1:16: error: expected the size of the array, found ']' [IDL0200]
      t.idl:1:38: error: expected ']' after the size of the array, found ';' [IDL0200]
      """#),
  BadSource(
    name: "shift for two brackets",
    text: #"""
      typedef sequence<sequence<long>> T;
      """#,
    report: #"""
      t.idl:1:31: error: '>>' is a shift in IDL [IDL0200]
      t.idl:1:31: note: write '> >'
      """#),
  BadSource(
    name: "keyword as name",
    text: #"""
      struct S { long in; };
      """#,
    report: #"""
      t.idl:1:17: error: expected the name of a member, found the keyword 'in' [IDL0200]
      t.idl:1:17: note: write '_in' to use a keyword as a name
      """#),
  BadSource(
    name: "keyword in other case",
    text: #"""
      typedef long Module;
      """#,
    report: #"""
      t.idl:1:14: error: identifier 'Module' differs from the keyword 'module' only in case [IDL0111]
      t.idl:1:14: note: write '_Module' to use it as a name
      """#),
  BadSource(
    name: "void as a member",
    text: #"""
      struct S { void v; };
      """#,
    report: #"""
      t.idl:1:12: error: 'void' cannot be the type of a member [IDL0200]
      """#),
  BadSource(
    name: "module in an interface",
    text: #"""
      interface I { module M { typedef long T; }; };
      """#,
    report: #"""
      t.idl:1:15: error: the keyword 'module' cannot stand in an interface [IDL0200]
      """#),
  BadSource(
    name: "readonly behind attribute",
    text: #"""
      interface I { attribute readonly long x; };
      """#,
    report: #"""
      t.idl:1:25: error: 'readonly' stands in front of 'attribute' [IDL0200]
      """#),
  BadSource(
    name: "anonymous parameter",
    text: #"""
      interface I { void f(in sequence<long> a); fixed<5,2> g(); };
      """#,
    report: #"""
      t.idl:1:25: error: 'sequence' cannot be the type of a parameter or attribute without a name [IDL0204]
      t.idl:1:25: note: give it a name by typedef
      t.idl:1:44: error: 'fixed' cannot be the type of a result without a name [IDL0204]
      t.idl:1:44: note: give it a name by typedef
      """#),
  BadSource(
    name: "union",
    text: #"""
      union U switch (long) { case 1: long a; default: string s; }; typedef U T;
      """#,
    report: #"""
      t.idl:1:1: error: union 'U' is not supported yet [IDL0202]
      """#),
  BadSource(
    name: "valuetype",
    text: #"""
      valuetype V { public long x; }; struct S { V v1; long ok; };
      """#,
    report: #"""
      t.idl:1:1: error: valuetype 'V' is not supported yet [IDL0202]
      """#),
  BadSource(
    name: "native",
    text: #"""
      native Cookie; interface I { void f(in Cookie c); };
      """#,
    report: #"""
      t.idl:1:1: error: native type 'Cookie' is not supported yet [IDL0202]
      """#),
  BadSource(
    name: "context",
    text: #"""
      interface I { void f() context("a"); };
      """#,
    report: #"""
      t.idl:1:24: warning: the context of operation 'f' is ignored [IDL0205]
      """#),
  BadSource(
    name: "unterminated string",
    text: #"""
      const string S = "abc
      """#,
    report: #"""
      t.idl:1:18: error: string literal without closing " [IDL0101]
      """#),
  BadSource(
    name: "unterminated comment",
    text: #"""
      typedef long T; /* no end
      """#,
    report: #"""
      t.idl:1:17: error: comment without '*/' [IDL0100]
      """#),
  BadSource(
    name: "characters",
    text: #"""
      const char A = 'ab'; const char B = ''; const char C = '汉'; const char D = '\q'; const string E = "\u0041";
      """#,
    report: #"""
      t.idl:1:16: error: character literal 'ab' holds 2 characters instead of one [IDL0108]
      t.idl:1:37: error: character literal '' holds 0 characters instead of one [IDL0108]
      t.idl:1:56: error: character '汉' is not in ISO 8859-1 [IDL0112]
      t.idl:1:56: note: use a wide character literal: L'汉'
      t.idl:1:77: error: unknown escape '\q' [IDL0102]
      t.idl:1:100: error: '\u' stands only in wide literals [IDL0102]
      t.idl:1:100: note: write the literal with a leading L
      """#),
  BadSource(
    name: "string with zero",
    text: #"""
      const string S = "a\0b";
      """#,
    report: #"""
      t.idl:1:20: error: a string literal cannot hold the character zero [IDL0110]
      """#),
  BadSource(
    name: "numbers",
    text: #"""
      const long A = 09; const long B = 0x; const double C = 1.2.3; const long D = 99999999999999999999;
      """#,
    report: #"""
      t.idl:1:16: error: '09' is not an octal number [IDL0105]
      t.idl:1:35: error: '0x' is not a hexadecimal number [IDL0105]
      t.idl:1:56: error: '1.2.3' is not a number [IDL0105]
      t.idl:1:78: error: integer literal '99999999999999999999' does not fit in 64 bits [IDL0106]
      """#),
  BadSource(
    name: "long fixed literal",
    text: #"""
      const fixed F = 12345678901234567890123456789012d;
      """#,
    report: #"""
      t.idl:1:17: error: fixed-point literal '12345678901234567890123456789012d' has more than 31 digits [IDL0109]
      """#),
  BadSource(
    name: "foreign character",
    text: #"""
      typedef long $T;
      """#,
    report: #"""
      t.idl:1:14: error: unexpected character '$' [IDL0104]
      """#),
  BadSource(
    name: "annotation",
    text: #"""
      @optional struct S { long a; };
      """#,
    report: #"""
      t.idl:1:1: error: unexpected character '@' [IDL0104]
      t.idl:1:1: note: annotations of IDL 4 are not supported yet
      t.idl:1:2: error: expected a definition, found 'optional' [IDL0200]
      """#),
]
