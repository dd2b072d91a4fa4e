/// An IIOP profile, of which anything may be wrong.
private struct Profile {
  var order: UInt8 = 1
  var key: [UInt8] = Array("Gate".utf8)
  var keyCount: UInt32?
  var components: UInt32 = 0

  var octets: [UInt8] {
    var octets = Octets(isLittle: true)
    octets.raw([order, 1, 2])
    octets.string("127.0.0.1")
    octets.short(1)
    octets.blob(key, count: keyCount)
    octets.long(components)
    return octets.all
  }
}

extension Row {
  /// A request to a profile.
  private static func profile(_ octets: [UInt8], tag: UInt32 = 0, count: UInt32? = nil) -> Target {
    Target {
      $0.short(1)
      $0.long(tag)
      $0.blob(octets, count: count)
    }
  }

  /// A request to one profile of a whole reference.
  private static func reference(_ selected: UInt32, profiles: [[UInt8]], count: UInt32? = nil, type: String = "IDL:X:1.0") -> Target {
    Target {
      $0.short(2)
      $0.long(selected)
      $0.string(type)
      $0.long(count ?? UInt32(profiles.count))
      for octets in profiles {
        $0.long(0)
        $0.blob(octets)
      }
    }
  }

  private static func mode(_ mode: UInt16) -> Target {
    Target {
      $0.short(mode)
      $0.blob(Array("Gate".utf8))
    }
  }

  private static let needsKey = Answer.needsAddressingMode(0)
  private static let good = Profile().octets

  /// GIOP 1.2 has three ways to name an object.
  static let addresses: [Row] =
    [
      Row("a profile of ours", Form.giop12, .nothing) { $0.request("nop", target: profile(good)) },
      Row("a profile with the key of nobody", Form.giop12, .refused("OBJECT_NOT_EXIST", omg | 2)) {
        $0.request("nop", target: profile(Profile(key: [1, 2, 3]).octets))
      },
      Row("a profile whose components lie, which nobody reads", Form.giop12, .nothing) {
        $0.request("nop", target: profile(Profile(components: .max).octets))
      },
      Row("a profile that is not IIOP's", Form.giop12, needsKey) { $0.request("nop", target: profile([1, 2, 3], tag: 5)) },
      .silent("a profile that is not IIOP's, oneway", Form.giop12) {
        $0.request("nop", response: 0, target: profile([1, 2, 3], tag: 5))
      },
      Row("the first of two profiles", Form.giop12, .nothing) { $0.request("nop", target: reference(0, profiles: [good, [9]])) },
      Row("the second of two profiles", Form.giop12, .nothing) { $0.request("nop", target: reference(1, profiles: [[9], good])) },
      Row("the third of two profiles", Form.giop12, needsKey) { $0.request("nop", target: reference(2, profiles: [good, good])) },
      Row("profile 4 Gi of two", Form.giop12, needsKey) { $0.request("nop", target: reference(.max, profiles: [good, good])) },
      Row("a profile of a nil reference", Form.giop12, needsKey) { $0.request("nop", target: reference(0, profiles: [], type: "")) },
      Row("where an object is, by its profile", Form.giop12, .located(1)) { $0.locateRequest(target: profile(good)) },
      Row("where an object is, by another's profile", Form.giop12, needsKey) { $0.locateRequest(target: profile([1], tag: 7)) },
    ]
    + unreadableTargets.flatMap { name, target in
      [
        .unreadable("\(name), to call", Form.giop12) { $0.request("nop", target: target) },
        .unreadable("\(name), to locate", Form.giop12) { $0.locateRequest(target: target) },
      ]
    }

  private static let unreadableTargets: [(name: String, target: Target)] = [
    ("addressing mode 3", mode(3)),
    ("addressing mode -1", mode(.max)),
    ("a profile without octets", profile([])),
    ("a profile cut inside of its host", profile(Array(good[..<9]))),
    ("a profile cut inside of its key", profile(Array(good[..<26]))),
    ("a profile in byte order 9", profile(Profile(order: 9).octets)),
    ("a profile with a key of 4 GiB", profile(Profile(keyCount: .max).octets)),
    ("a profile of 4 GiB", profile(good, count: .max)),
    ("4 Gi profiles", reference(0, profiles: [good], count: .max)),
    ("257 profiles", reference(0, profiles: [[UInt8]](repeating: [1], count: 257))),
    ("a second profile that is not there", reference(0, profiles: [good], count: 2)),
    (
      "a type without its zero",
      Target { octets in
        octets.short(2)
        octets.long(0)
        octets.string("IDL:X:1.0", end: [])
        octets.long(0)
      }
    ),
  ]
}
