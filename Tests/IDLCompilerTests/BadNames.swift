/// Names, types and interfaces that are wrong.
let badNames: [BadSource] = [
  BadSource(
    name: "unknown name",
    text: #"""
      struct Account { long id; }; typedef sequence<Acount> Accounts;
      """#,
    report: #"""
      t.idl:1:47: error: unknown name 'Acount' [IDL0304]
      t.idl:1:47: note: did you mean 'Account'?
      """#),
  BadSource(
    name: "unknown member of a module",
    text: #"""
      module Sales { struct Order { long n; }; }; typedef Sales::Oder T;
      """#,
    report: #"""
      t.idl:1:60: error: module 'Sales' has no 'Oder' [IDL0304]
      t.idl:1:60: note: did you mean 'Order'?
      """#),
  BadSource(
    name: "name in other case",
    text: #"""
      interface Foo {}; interface Bar { foo f(); };
      """#,
    report: #"""
      t.idl:1:35: error: 'foo' differs from 'Foo' only in case [IDL0305]
      t.idl:1:11: note: 'Foo' is declared here
      """#),
  BadSource(
    name: "not a type",
    text: #"""
      module M { exception X {}; }; struct S { M::X x1; M m2; };
      """#,
    report: #"""
      t.idl:1:42: error: 'M::X' is an exception, not a type [IDL0306]
      t.idl:1:22: note: 'X' is declared here
      t.idl:1:51: error: 'M' is a module, not a type [IDL0306]
      t.idl:1:8: note: 'M' is declared here
      """#),
  BadSource(
    name: "not a scope",
    text: #"""
      typedef long T; typedef T::U V; enum E { e1 }; const long C = E::e1;
      """#,
    report: #"""
      t.idl:1:28: error: typedef 'T' is not a scope [IDL0307]
      t.idl:1:66: error: enum 'E' is not a scope [IDL0307]
      """#),
  BadSource(
    name: "redefinition",
    text: #"""
      typedef long T; struct T { long x; };
      """#,
    report: #"""
      t.idl:1:24: error: 'T' is already declared [IDL0300]
      t.idl:1:14: note: first declared here
      """#),
  BadSource(
    name: "names that differ in case",
    text: #"""
      struct S { long foo; string Foo; };
      """#,
    report: #"""
      t.idl:1:29: error: identifier 'Foo' clashes with 'foo' at t.idl:1 [IDL0301]
      t.idl:1:17: note: names that differ only in case are the same in IDL
      """#),
  BadSource(
    name: "name of the scope",
    text: #"""
      interface I { void i(); };
      """#,
    report: #"""
      t.idl:1:20: error: 'i' clashes with the name of the interface around it [IDL0302]
      """#),
  BadSource(
    name: "name that was used",
    text: #"""
      struct Foo { long a; }; struct S { Foo foo; };
      """#,
    report: #"""
      t.idl:1:40: error: 'foo' clashes with the use of 'Foo' in the same scope [IDL0303]
      t.idl:1:36: note: 'Foo' is used here
      """#),
  BadSource(
    name: "parameter like its type",
    text: #"""
      typedef string Sku; interface I { void f(in Sku sku); };
      """#,
    report: #"""
      t.idl:1:49: error: 'sku' clashes with the use of 'Sku' in the same scope [IDL0303]
      t.idl:1:45: note: 'Sku' is used here
      """#),
  BadSource(
    name: "enumerators share the scope",
    text: #"""
      enum E { red }; enum F { red };
      """#,
    report: #"""
      t.idl:1:26: error: 'red' is already declared [IDL0300]
      t.idl:1:10: note: first declared here
      """#),
  BadSource(
    name: "forward struct used",
    text: #"""
      struct S; typedef S T; struct S { long a; };
      """#,
    report: #"""
      t.idl:1:19: error: struct 'S' is used before it is defined [IDL0310]
      t.idl:1:8: note: 'S' is declared here
      """#),
  BadSource(
    name: "forward struct in an operation",
    text: #"""
      struct S; typedef sequence<S> Ss; interface I { Ss f(); }; struct S { long a; };
      """#,
    report: #"""
      t.idl:1:49: error: struct 'S' is used before it is defined [IDL0310]
      t.idl:1:8: note: 'S' is declared here
      """#),
  BadSource(
    name: "struct that contains itself",
    text: #"""
      struct S { S s1; }; struct T { sequence<T> good; T bad[2]; };
      """#,
    report: #"""
      t.idl:1:12: error: struct 'S' cannot contain itself except in a sequence [IDL0311]
      t.idl:1:8: note: 'S' is declared here
      t.idl:1:50: error: struct 'T' cannot contain itself except in a sequence [IDL0311]
      t.idl:1:28: note: 'T' is declared here
      """#),
  BadSource(
    name: "never defined",
    text: #"""
      struct S; interface I;
      """#,
    report: #"""
      t.idl:1:8: error: struct 'S' is declared but never defined [IDL0312]
      t.idl:1:21: warning: interface 'I' is declared but never defined [IDL0312]
      """#),
  BadSource(
    name: "bounds",
    text: #"""
      typedef sequence<long, 0> A; typedef string<-1> B; typedef long C[5000000000]; typedef sequence<long, "x"> D;
      """#,
    report: #"""
      t.idl:1:24: error: the bound of a sequence must be 1 to 4294967295, not 0 [IDL0313]
      t.idl:1:45: error: the bound of a string must be 1 to 4294967295, not -1 [IDL0313]
      t.idl:1:67: error: the size of an array must be 1 to 4294967295, not 5000000000 [IDL0313]
      t.idl:1:103: error: a string cannot be a value of a bound [IDL0342]
      """#),
  BadSource(
    name: "too large array",
    text: #"""
      typedef long A[65536][65536];
      """#,
    report: #"""
      t.idl:1:14: error: array 'A' has more than 2147483647 elements [IDL0315]
      """#),
  BadSource(
    name: "fixed limits",
    text: #"""
      typedef fixed<32,2> A; typedef fixed<5,6> B; typedef fixed<0,0> C;
      """#,
    report: #"""
      t.idl:1:15: error: 'fixed' has 1 to 31 digits, not 32 [IDL0314]
      t.idl:1:40: error: the scale of 'fixed' is 0 to its digits, 5, not 6 [IDL0314]
      t.idl:1:60: error: 'fixed' has 1 to 31 digits, not 0 [IDL0314]
      """#),
  BadSource(
    name: "base unknown or itself",
    text: #"""
      interface A : A {}; interface B : Nowhere {};
      """#,
    report: #"""
      t.idl:1:15: error: unknown name 'A' [IDL0304]
      t.idl:1:35: error: unknown name 'Nowhere' [IDL0304]
      """#),
  BadSource(
    name: "base only declared",
    text: #"""
      interface F; interface B : F {}; interface F {};
      """#,
    report: #"""
      t.idl:1:28: error: base 'F' is declared but not defined yet [IDL0322]
      t.idl:1:11: note: 'F' is declared here
      """#),
  BadSource(
    name: "base is no interface",
    text: #"""
      struct S { long a; }; interface B : S {};
      """#,
    report: #"""
      t.idl:1:37: error: base 'S' is a struct, not an interface [IDL0321]
      t.idl:1:8: note: 'S' is declared here
      """#),
  BadSource(
    name: "base twice",
    text: #"""
      interface A {}; interface B : A, A {};
      """#,
    report: #"""
      t.idl:1:34: error: 'A' is a base of 'B' twice [IDL0323]
      """#),
  BadSource(
    name: "inherited twice",
    text: #"""
      interface A { void f(); }; interface B { attribute long f; }; interface C : A, B {};
      """#,
    report: #"""
      t.idl:1:73: error: interface 'C' inherits 'f' from 'A' and 'f' from 'B' [IDL0324]
      t.idl:1:20: note: 'f' is declared here
      t.idl:1:57: note: 'f' is declared here
      """#),
  BadSource(
    name: "inherited again",
    text: #"""
      interface A { void f(); }; interface B : A { void f(); };
      """#,
    report: #"""
      t.idl:1:51: error: 'f' clashes with the inherited 'f' [IDL0324]
      t.idl:1:20: note: 'f' is declared here
      """#),
  BadSource(
    name: "ambiguous",
    text: #"""
      interface A { typedef long T; }; interface B { typedef long T; }; interface C : A, B { T x(); };
      """#,
    report: #"""
      t.idl:1:88: error: 'T' is ambiguous: it is inherited from 2 interfaces [IDL0308]
      t.idl:1:28: note: 'T' is declared here
      t.idl:1:61: note: 'T' is declared here
      """#),
  BadSource(
    name: "modifier",
    text: #"""
      interface I; local interface I {}; local interface L {}; interface J : L { void f(in L l1); };
      """#,
    report: #"""
      t.idl:1:30: error: 'I' is declared as 'local interface' here and as 'interface' before [IDL0320]
      t.idl:1:11: note: the other declaration is here
      t.idl:1:72: error: interface 'J' is not local, but its base 'L' is [IDL0320]
      t.idl:1:88: error: 'l1' uses the local interface 'L' in an interface that is not local [IDL0331]
      """#),
  BadSource(
    name: "oneway",
    text: #"""
      exception X {}; interface I { oneway long f(out long a) raises (X); };
      """#,
    report: #"""
      t.idl:1:38: error: oneway operation 'f' cannot have a result [IDL0325]
      t.idl:1:38: note: its result is 'void'
      t.idl:1:54: error: oneway operation 'f' cannot have the out parameter 'a' [IDL0326]
      t.idl:1:65: error: oneway operation 'f' cannot raise exceptions [IDL0327]
      """#),
  BadSource(
    name: "raises",
    text: #"""
      struct S { long a; }; exception X {}; interface I { void f() raises (S, X, X); };
      """#,
    report: #"""
      t.idl:1:70: error: 'S' is a struct, not an exception [IDL0328]
      t.idl:1:8: note: 'S' is declared here
      t.idl:1:76: warning: exception 'X' is named twice [IDL0329]
      """#),
]
