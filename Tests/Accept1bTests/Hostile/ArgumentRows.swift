extension Row {
  private static func marshal(_ minor: UInt32) -> Answer { .refused("MARSHAL", minor) }

  /// A Tree of one branch, `depth` levels deep.
  private static func deepTree(_ depth: Int) -> Writing {
    { octets in
      for _ in 0..<depth {
        octets.string("")
        octets.long(1)
      }
      octets.string("")
      octets.long(0)
    }
  }

  static let arguments: [Row] = [
    // string
    Row("no arguments where a string should be", marshal(truncated)) { $0.request("say") },
    Row("half a length", marshal(truncated)) { $0.request("say") { $0.raw([1, 0]) } },
    Row("a string longer than the message", marshal(countTooLarge)) { $0.request("say") { $0.string("ab", length: 4) } },
    Row("a string of 2 GiB", marshal(countTooLarge)) { $0.request("say") { $0.string("ab", length: 0x7FFF_FFFF) } },
    Row("a string of 4 GiB", marshal(countTooLarge)) { $0.request("say") { $0.string("ab", length: .max) } },
    Row("a string of length 0", marshal(noString)) { $0.request("say") { $0.long(0) } },
    Row("a string without its zero", marshal(noString)) { $0.request("say") { $0.string("abc", end: []) } },
    Row("a string with a zero inside", marshal(noString)) { $0.request("say") { $0.string("a\0c") } },
    Row("a string<20> of 21", marshal(outOfBounds)) { $0.request("sayShortly") { $0.string("123456789012345678901") } },
    Row("a string<20> of 4 GiB", marshal(outOfBounds)) { $0.request("sayShortly") { $0.string("1", length: .max) } },
    Row("an octet behind the arguments", marshal(leftOver)) {
      $0.request("say") {
        $0.string("abc")
        $0.octet(0)
      }
    },
    Row("arguments where none should be", marshal(leftOver)) { $0.request("nop") { $0.octet(0) } },
    Row("a megabyte where no arguments should be", marshal(leftOver)) {
      $0.request("nop") { $0.raw([UInt8](repeating: 0, count: 1 << 20)) }
    },

    // sequence<octet>
    Row("more octets than the message has", marshal(countTooLarge)) { $0.request("copy") { $0.blob([1, 2], count: 3) } },
    Row("4 GiB of octets", marshal(countTooLarge)) { $0.request("copy") { $0.blob([1, 2], count: .max) } },

    // sequence<string>
    Row("4 Gi strings", marshal(countTooLarge)) { $0.request("count") { $0.long(.max) } },
    Row("1 Gi strings, whose octets are 0 in 32 bits", marshal(countTooLarge)) {
      $0.request("count") {
        $0.long(0x4000_0000)
        $0.string("a")
      }
    },
    Row("a thousand strings of which two are there", marshal(countTooLarge)) {
      $0.request("count") {
        $0.long(1000)
        $0.string("a")
        $0.string("b")
      }
    },
    Row("three strings of which two are there", marshal(truncated)) {
      $0.request("count") {
        $0.long(3)
        $0.string("a long text for one")
        $0.string("another long text!!")
      }
    },
    Row("a second string of 4 GiB", marshal(countTooLarge)) {
      $0.request("count") {
        $0.long(2)
        $0.string("first")
        $0.string("second", length: .max)
      }
    },

    // Structures that contain themselves.
    Row("a tree that is 65 levels deep", marshal(nestedTooDeep)) { $0.request("weigh", deepTree(65)) },
    Row("a tree that is 100,000 levels deep", marshal(nestedTooDeep)) { $0.request("weigh", deepTree(100_000)) },
    Row("a tree with 4 Gi branches", marshal(countTooLarge)) {
      $0.request("weigh") {
        $0.string("root")
        $0.long(.max)
      }
    },
    Row("a tree with 4 Gi branches on its tenth level", marshal(countTooLarge)) {
      $0.request("weigh") { octets in
        for _ in 0..<9 {
          octets.string("")
          octets.long(1)
        }
        octets.string("")
        octets.long(.max)
      }
    },

    // enum, boolean, fixed<15,2>, optional
    Row("an enumerator behind the last", marshal(noEnumerator)) { $0.request("paint") { $0.long(3) } },
    Row("the greatest enumerator", marshal(noEnumerator)) { $0.request("paint") { $0.long(.max) } },
    Row("half an enumerator", marshal(truncated)) { $0.request("paint") { $0.short(1) } },
    Row("the boolean 2", marshal(noBoolean)) { $0.request("turn") { $0.octet(2) } },
    Row("the boolean 255", marshal(noBoolean)) { $0.request("turn") { $0.octet(255) } },
    Row("no boolean", marshal(truncated)) { $0.request("turn") },
    Row("a decimal digit A", marshal(noDecimal)) { $0.request("pay") { $0.raw([0, 0, 0, 0, 0, 0xA0, 0, 0x0C]) } },
    Row("a decimal without sign", marshal(noDecimal)) { $0.request("pay") { $0.raw([0, 0, 0, 0, 0, 0, 0x12, 0x34]) } },
    Row("a decimal with the sign F", marshal(noDecimal)) { $0.request("pay") { $0.raw([0, 0, 0, 0, 0, 0, 0, 0x1F]) } },
    Row("half a decimal", marshal(truncated)) { $0.request("pay") { $0.raw([0, 0, 0, 0x0C]) } },
    Row("two of at most one", marshal(outOfBounds)) {
      $0.request("perhaps") {
        $0.long(2)
        $0.string("a")
        $0.string("b")
      }
    },
    Row("4 Gi of at most one", marshal(outOfBounds)) { $0.request("perhaps") { $0.long(.max) } },

    // Object
    Row("no reference", marshal(truncated)) { $0.request("given") },
    Row("a reference whose type has 4 GiB", marshal(outOfBounds)) { $0.request("given") { $0.string("IDL:X:1.0", length: .max) } },
    Row("a reference whose type is longer than the message", marshal(countTooLarge)) {
      $0.request("given") { $0.string("IDL:X:1.0", length: 100) }
    },
    Row("a reference whose type has no zero", marshal(noString)) { $0.request("given") { $0.string("IDL:X:1.0", end: []) } },
    Row("a reference with 4 Gi profiles", marshal(outOfBounds)) {
      $0.request("given") {
        $0.string("IDL:X:1.0")
        $0.long(.max)
      }
    },
    Row("a reference with 200 profiles of which none is there", marshal(countTooLarge)) {
      $0.request("given") {
        $0.string("IDL:X:1.0")
        $0.long(200)
      }
    },
    Row("a profile of 4 GiB", marshal(countTooLarge)) {
      $0.request("given") {
        $0.string("IDL:X:1.0")
        $0.long(1)
        $0.long(0)
        $0.blob([1], count: .max)
      }
    },
    // What stands inside of a profile is of interest only when it is called.
    Row("a profile that is no profile", .result([1])) {
      $0.request("given") {
        $0.string("IDL:X:1.0")
        $0.long(1)
        $0.long(0)
        $0.blob([9, 9, 9])
      }
    },
    Row("encapsulations in encapsulations, 10,000 deep", .result([1])) { form in
      form.request("given") { octets in
        octets.string("IDL:X:1.0")
        octets.long(1)
        octets.long(1)
        // Each is a list of one component, which is such a list.
        var bomb: [UInt8] = []
        for level in 0..<10_000 { bomb.append(contentsOf: [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0] + le32(UInt32((10_000 - level) * 16))) }
        octets.blob(bomb)
      }
    },

    // Operations of every object.
    Row("no type to compare with", marshal(truncated)) { $0.request("_is_a") },
    Row("a type of 4 GiB to compare with", marshal(outOfBounds)) { $0.request("_is_a") { $0.string("IDL", length: .max) } },
    Row("an octet behind the type to compare with", marshal(leftOver)) {
      $0.request("_is_a") {
        $0.string("IDL:X:1.0")
        $0.octet(1)
      }
    },

    // What is right, for comparison.
    Row("an exception that is declared", .userException("IDL:tessera.test/Parley/Nothing:1.0")) { $0.request("refuse") },
    Row("a tree that is 50 levels deep", Form.all.filter(\.isLittle), .result(le32(51))) { $0.request("weigh", deepTree(50)) },
  ]
}

func le32(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
