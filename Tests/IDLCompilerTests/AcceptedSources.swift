import Testing

/// IDL that is right: our compiler and omniidl accept it and agree on ids, members and values.
struct AcceptedSource: CustomTestStringConvertible {
  let name: String
  let text: String
  var files: [String: String] = [:]

  var testDescription: String { name }
}

let acceptedSources: [AcceptedSource] = [
  AcceptedSource(
    name: "every basic type",
    text: """
      struct All {
        short a; long b; long long c; unsigned short d; unsigned long e; unsigned long long f; float g; double h; long double i;
        char j; wchar k; boolean l; octet m; any n; Object o; string p; wstring q; string<20> r; wstring<20> s; fixed<31,31> t;
        sequence<long> u; sequence<string<3>, 7> v; long w[2][3]; sequence<sequence<octet> > x; CORBA::TypeCode y;
      };
      """),
  AcceptedSource(
    name: "the example of the language mapping",
    text: """
      #pragma prefix "acme.example"
      /** Contract master data. */
      module Contracts {
        const unsigned long MAX_LINES = 500;
        typedef string<20> Sku;
        typedef fixed<15,2> Amount;
        typedef sequence<octet> Blob;
        typedef long Grid[2][3];
        enum State { STATE_DRAFT, STATE_ACTIVE, STATE_CLOSED };
        struct Product; typedef sequence<Product> Parts;
        struct Product { Sku code; wstring name; Amount price; any extra; Parts components; };
        typedef sequence<Product, MAX_LINES> ProductList;
        exception NotFound { Sku code; };
        interface Listener { oneway void changed(in State what); };
        interface Catalog {
          readonly attribute string region;
          Product find(in Sku key) raises (NotFound);
          unsigned long import_all(in ProductList items, out ProductList rejected, inout Blob cursor);
        };
        interface AdminCatalog : Catalog { void purge(); };
      };
      """),
  AcceptedSource(
    name: "prefixes in scopes",
    text: """
      #pragma prefix "P1"
      module M1 {
        typedef long T1;
        #pragma prefix "P2"
        typedef long T2;
        module M2 { typedef long T3;
        #pragma prefix "P3"
        typedef long T4; interface I { void f(); attribute long a; }; };
        typedef long T5;
      };
      typedef long T6;
      #pragma prefix ""
      module M1 { typedef long T7; interface I { void f(); readonly attribute long a; exception E {}; };
      #pragma version I 2.3
      #pragma ID T7 "DCE:x:1"
      #pragma ID M1::I::f "IDL:xx:1.0"
      };
      """),
  AcceptedSource(
    name: "prefixes of files",
    text: """
      #pragma prefix "outer"
      #include "inner.idl"
      typedef long A;
      module M {
        typedef Inner::B C;
      };
      """,
    files: ["inner.idl": "typedef long Before;\n#pragma prefix \"inner\"\nmodule Inner { typedef long B; };\n"]),
  AcceptedSource(
    name: "integer constants",
    text: """
      const long A = -7 / 2; const long B = 7 % 3; const long C = -8 >> 1; const unsigned long D = ~0; const unsigned long long E = ~0;
      const unsigned long F = -1 + 2; const long G = 2147483648 - 1; const octet H = 0xFF & 017; const short I = 1 << 14 | 3 ^ 1;
      const long long J = -9223372036854775807; const unsigned long long K = 18446744073709551615; const short L = -32768;
      const long M = (1 + 2) * -(3 - 10) - +4; const unsigned short N = 65535; typedef short Small; const Small O = A + 1;
      const long P = 100 / 7 % 4 * 3; const long Q = 1 + 2 << 3;
      """),
  AcceptedSource(
    name: "floating-point and fixed constants",
    text: """
      const double A = 1.5; const double B = 1.0 / 3.0; const float C = -2.5e3; const double D = .5 + 5.; const double E = 1e10 * 2.0;
      const fixed F = 1.50d * 2.5d; const fixed G = 1d / 3d; const fixed H = 00123.4500d; const fixed I = 2.25d - 3d;
      typedef fixed<5,2> Price; const Price J = 123.45d; const fixed K = -0.05d; const fixed L = 10d / 4d; const double M = A * 2.0;
      const fixed N = 1234567890123456789012345678901d; const fixed O = 99999999999999999999.5d * 1.5d; const fixed P = 7d / 0.07d;
      """),
  AcceptedSource(
    name: "characters, strings, booleans, enumerators",
    text: #"""
      const char A = 'x'; const char B = '\n'; const char C = '\x41'; const char D = '\101'; const char E = '\''; const char F = '\0';
      const string G = "plain"; const string H = "one" " two"
        " three"; const string I = "q\"uote\\ \t\a\b\v\f\r\?"; const string<5> J = "12345"; const string K = "";
      const wchar L1 = L'\u6c49'; const wstring M = L"a\xe9" L"b\u00e9\u6c49"; const wchar N = L'x';
      const boolean O = TRUE; const boolean P = FALSE; const boolean Q = O;
      enum Color { red, green, blue }; const Color R = green; const string S = G; typedef Color Paint; const Paint T = ::blue;
      """#),
  AcceptedSource(
    name: "inheritance and lookup",
    text: """
      interface A { typedef long T; const long L = 3; enum E { a1, b1 }; void fa(); attribute long x, y; };
      interface B : A { typedef short T; T fb(in T v); };
      interface C : A { void fc(out E e1); const E first = a1; };
      interface D : B, C { ::A::T fd(in B::T p, in C::E q); const long M = L * 2; };
      interface Node; typedef sequence<Node> Nodes;
      interface Node { Nodes children(); Node parent(in D other); };
      """),
  AcceptedSource(
    name: "reopened modules",
    text: """
      module Outer { module Inner { struct S { long x; }; interface Later; }; };
      module Outer { typedef Inner::S T; module Inner { typedef S U; interface Later { void f(in T t1); }; }; };
      """),
  AcceptedSource(
    name: "types inside types",
    text: """
      struct S { struct T { long x; } t2; enum E { a, b } e2, e3[2]; sequence<T> more; };
      typedef struct R { S::T x; S::E y; } Alias, Several[3];
      exception Ex { struct Detail { long code; } info; };
      typedef enum Kind { k1, k2 } KindAlias;
      """),
  AcceptedSource(
    name: "recursion",
    text: """
      struct Tree; typedef sequence<Tree> Trees; typedef Trees Forest;
      struct Tree { string name; Trees children; Forest more; };
      struct Anonymous { sequence<Anonymous> inner; sequence<Anonymous, 2> grid[3]; };
      struct Outer; typedef sequence<Outer> Outers;
      struct Outer { struct Nested { Outers back; } n; };
      """),
  AcceptedSource(
    name: "escaped names and names like types of other scopes",
    text: """
      typedef long _interface; typedef _interface X; struct S { long _struct; X _x1; }; struct T { long S; };
      module M { module N { typedef long M; }; }; interface I { void f(in long f); void _in(in long a); };
      struct _Foo { long a; }; typedef Foo Bar;
      """),
  AcceptedSource(
    name: "macros and conditions",
    text: """
      #ifndef T_IDL
      #define T_IDL
      #define SIZE 4 + \\
        1
      #define NAME Renamed
      #define FLAG
      #if defined(FLAG) && SIZE == 5
      typedef long NAME[SIZE];
      #else
      this is not IDL at all /* closed */
      #endif
      #if 0
      it is skipped
      #ifdef FLAG
      #else
      #endif
      #elif !defined FLAG || 0x10 < 2
      neither
      #elif 1
      const long Chosen = SIZE;
      #else
      nor
      #endif
      #undef FLAG
      #ifdef FLAG
      no
      #endif
      #endif // T_IDL
      """),
  AcceptedSource(
    name: "guards and folders",
    text: "#include \"sub.idl\"\n#include \"other.idl\"\nmodule M { typedef Sub::T U; };\n",
    files: [
      "sub.idl": "#ifndef SUB\n#define SUB\n#include \"other.idl\"\nmodule Sub { typedef long T; };\n#endif\n",
      "other.idl": "#ifndef OTHER\n#define OTHER\n#include \"sub.idl\"\nmodule Other { typedef long O; };\n#endif\n",
    ]),
  AcceptedSource(
    name: "our pragmas do not disturb",
    text: """
      typedef sequence<long, 1> OptionalLong;
      #pragma tessera optional OptionalLong
      interface I { long f(); };
      #pragma tessera sync I::f
      """),
  AcceptedSource(
    name: "local and abstract interfaces",
    text: """
      abstract interface A { void fa(); }; local interface L { L f(in A x); }; interface I : A { void fi(); };
      interface F; interface F; interface F {}; interface F;
      """),
  AcceptedSource(
    name: "comments with text in other languages",
    text: "/* 汉字 ü */ // é\nconst string S = \"Stück 汉字\"; /// Straße\ntypedef long T; /*/ odd */\n"),
]
