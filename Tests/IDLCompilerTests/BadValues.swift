/// Constants, directives and pragmas that are wrong.
let badValues: [BadSource] = [
  BadSource(
    name: "value out of range",
    text: #"""
      const octet A = 256; const short B = -32769; const unsigned long C = -1; const float D = 1e39;
      """#,
    report: #"""
      t.idl:1:17: error: value 256 is not in the range of octet, 0 to 255 [IDL0343]
      t.idl:1:38: error: value -32769 is not in the range of short, -32768 to 32767 [IDL0343]
      t.idl:1:70: error: value -1 is not in the range of unsigned long, 0 to 4294967295 [IDL0343]
      t.idl:1:90: error: value 1e+39 is not in the range of float [IDL0343]
      """#),
  BadSource(
    name: "division by zero",
    text: #"""
      const long A = 1 / 0; const long B = 7 % (1 - 1); const double C = 1.0 / 0.0; const fixed D = 1d / 0d;
      """#,
    report: #"""
      t.idl:1:18: error: division by zero [IDL0344]
      t.idl:1:40: error: division by zero [IDL0344]
      t.idl:1:72: error: division by zero [IDL0344]
      t.idl:1:98: error: division by zero [IDL0344]
      """#),
  BadSource(
    name: "overflow",
    text: #"""
      const long long A = 9223372036854775807 * 4; const long B = 1 << 64; const fixed C = 9999999999999999999999999999999d * 10d;
      """#,
    report: #"""
      t.idl:1:41: error: the result exceeds 64 bits [IDL0345]
      t.idl:1:63: error: shift by 64, which is not 0 to 63 [IDL0346]
      t.idl:1:119: error: the result exceeds 31 digits [IDL0345]
      """#),
  BadSource(
    name: "kinds of value",
    text: #"""
      const long A = "x"; const double B = 1; const char C = 97; const boolean D = 1; const wstring E = "x";
      """#,
    report: #"""
      t.idl:1:16: error: a string cannot be a value of long [IDL0342]
      t.idl:1:38: error: an integer cannot be a value of double [IDL0342]
      t.idl:1:38: note: write '1.0'
      t.idl:1:56: error: an integer cannot be a value of char [IDL0342]
      t.idl:1:78: error: an integer cannot be a value of boolean [IDL0342]
      t.idl:1:99: error: a string cannot be a value of wstring [IDL0342]
      t.idl:1:99: note: write a leading L
      """#),
  BadSource(
    name: "operators on the wrong kind",
    text: #"""
      const string A = "a" + "b"; const boolean B = TRUE | FALSE; const double C = 1.0 % 2.0;
      """#,
    report: #"""
      t.idl:1:22: error: operator '+' cannot take a string [IDL0342]
      t.idl:1:52: error: operator '|' cannot take a boolean [IDL0342]
      t.idl:1:82: error: operator '%' cannot take a floating-point number [IDL0342]
      """#),
  BadSource(
    name: "enumerator of another enum",
    text: #"""
      enum E { e1 }; enum F { f1 }; const E C = f1;
      """#,
    report: #"""
      t.idl:1:43: error: 'f1' belongs to enum 'F', not to 'E' [IDL0348]
      """#),
  BadSource(
    name: "type of a constant",
    text: #"""
      interface I {}; const I A = 1; const any B = 1; const fixed<5,2> C = 1d;
      """#,
    report: #"""
      t.idl:1:23: error: a constant cannot have this type [IDL0341]
      t.idl:1:23: note: constants are numbers, characters, booleans, strings or enumerators
      t.idl:1:38: error: a constant cannot have this type [IDL0341]
      t.idl:1:38: note: constants are numbers, characters, booleans, strings or enumerators
      t.idl:1:55: error: the type of a constant is 'fixed' without digits [IDL0341]
      t.idl:1:55: note: or the name of a typedef
      """#),
  BadSource(
    name: "not a constant",
    text: #"""
      struct S { long a; }; const long C = S;
      """#,
    report: #"""
      t.idl:1:38: error: 'S' is a struct, not a constant [IDL0340]
      t.idl:1:8: note: 'S' is declared here
      """#),
  BadSource(
    name: "string too long",
    text: #"""
      const string<3> S = "abcd"; const wstring<1> W = L"ab";
      """#,
    report: #"""
      t.idl:1:21: error: string of length 4 is longer than its bound 3 [IDL0347]
      t.idl:1:50: error: string of length 2 is longer than its bound 1 [IDL0347]
      """#),
  BadSource(
    name: "fixed that does not fit",
    text: #"""
      typedef fixed<5,2> F; const F A = 12345.5d; const F B = 1.555d;
      """#,
    report: #"""
      t.idl:1:35: error: value 12345.5 does not fit fixed<5,2> [IDL0343]
      t.idl:1:57: warning: value 1.555 is cut to 1.55 to fit fixed<5,2> [IDL0349]
      """#),
  BadSource(
    name: "conditions",
    text: #"""
      #if 1
      #else
      #else
      #endif
      #endif
      #if (
      #endif
      #ifdef
      #endif
      #if 1
      """#,
    report: #"""
      t.idl:3:2: error: '#else' without '#if' [IDL0007]
      t.idl:5:2: error: '#endif' without '#if' [IDL0007]
      t.idl:6:2: error: malformed condition: an operand is missing [IDL0009]
      t.idl:8:2: error: expected the name of a macro after #ifdef [IDL0005]
      t.idl:10:2: error: '#if' without '#endif' [IDL0006]
      """#),
  BadSource(
    name: "directives",
    text: #"""
      #frobnicate
      #include stdio
      #include <x.idl>
      #include "y.idl"
      #define
      #define F(x) x
      #error stop here
      #warning careful
      """#,
    report: #"""
      t.idl:1:2: error: unknown directive '#frobnicate' [IDL0008]
      t.idl:2:2: error: expected "file" or <file> after #include [IDL0005]
      t.idl:3:2: error: cannot find 'x.idl' [IDL0001]
      t.idl:3:2: note: no include path was given
      t.idl:4:2: error: cannot find 'y.idl' [IDL0001]
      t.idl:4:2: note: searched in: .
      t.idl:5:2: error: expected the name of a macro after #define [IDL0005]
      t.idl:6:2: error: macro 'F' with parameters is not supported [IDL0011]
      t.idl:6:2: note: only '#define NAME value' is known
      t.idl:7:2: error: #error stop here [IDL0010]
      t.idl:8:2: warning: #warning careful [IDL0010]
      """#),
  BadSource(
    name: "pragmas",
    text: #"""
      #pragma unheard of
      #pragma prefix acme
      #pragma prefix "a b"
      #pragma ID X
      #pragma version X 1
      #pragma tessera frobnicate X
      """#,
    report: #"""
      t.idl:1:9: warning: unknown pragma 'unheard' is ignored [IDL0014]
      t.idl:2:9: error: malformed pragma, expected: #pragma prefix "text" [IDL0015]
      t.idl:3:16: error: prefix 'a b' is malformed [IDL0361]
      t.idl:3:16: note: a prefix is made of letters, digits, '.', '-' and '_', with '/' between its parts
      t.idl:4:9: error: malformed pragma, expected: #pragma ID name "IDL:...:1.0" [IDL0015]
      t.idl:5:9: error: malformed pragma, expected: #pragma version name major.minor [IDL0015]
      t.idl:6:9: error: malformed pragma, expected: #pragma tessera optional NAME, or: #pragma tessera sync NAME [IDL0015]
      """#),
  BadSource(
    name: "repository ids",
    text: #"""
      struct S { long a; };
      #pragma ID S "IDL:a:1.0"
      #pragma ID S "IDL:b:1.0"
      #pragma version S 2.0
      #pragma ID T "IDL:c:1.0"
      typedef long U;
      #pragma ID U "IDL:nonsense"
      """#,
    report: #"""
      t.idl:3:14: error: 'S' already has the repository id 'IDL:a:1.0' [IDL0360]
      t.idl:4:19: error: 'S' already has the repository id 'IDL:a:1.0' [IDL0360]
      t.idl:5:12: error: unknown name 'T' [IDL0304]
      t.idl:7:14: error: repository id 'IDL:nonsense' is malformed [IDL0361]
      t.idl:7:14: note: for example 'IDL:acme.example/Contracts/Catalog:1.0'
      """#),
  BadSource(
    name: "prefix of a forward declaration",
    text: #"""
      #pragma prefix "a"
      interface I;
      #pragma prefix "b"
      interface I {};
      """#,
    report: #"""
      t.idl:4:11: error: 'I' has the repository id 'IDL:b/I:1.0' here and 'IDL:a/I:1.0' where it is declared forward [IDL0360]
      t.idl:2:11: note: it is declared forward here
      """#),
  BadSource(
    name: "pragma tessera",
    text: #"""
      typedef sequence<long> Many;
      #pragma tessera optional Many
      #pragma tessera optional Mony
      #pragma tessera sync Many
      """#,
    report: #"""
      t.idl:2:26: error: 'Many' is not a typedef of a sequence bounded by 1 [IDL0362]
      t.idl:1:24: note: 'Many' is declared here
      t.idl:3:26: error: unknown name 'Mony' [IDL0304]
      t.idl:3:26: note: did you mean 'Many'?
      t.idl:4:22: error: 'Many' is a typedef, not an operation [IDL0363]
      t.idl:1:24: note: 'Many' is declared here
      """#),
  BadSource(
    name: "everything at once",
    text: #"""
      module Sales {
        struct Order { long number }
        typedef Order Oder
        interface Desk {
          void submit(in Ordr o1) raises (Order);
          void;
        };
      };
      const long LIMIT = Sales::Limit;
      """#,
    report: #"""
      t.idl:2:29: error: expected ';' after member 'number' [IDL0200]
      t.idl:2:31: error: expected ';' after struct 'Order' [IDL0200]
      t.idl:3:21: error: expected ';' after typedef 'Oder' [IDL0200]
      t.idl:5:20: error: unknown name 'Ordr' [IDL0304]
      t.idl:5:20: note: did you mean 'Order'?
      t.idl:5:37: error: 'Order' is a struct, not an exception [IDL0328]
      t.idl:2:10: note: 'Order' is declared here
      t.idl:6:9: error: expected the name of an operation, found ';' [IDL0200]
      t.idl:9:27: error: module 'Sales' has no 'Limit' [IDL0304]
      """#),
]
