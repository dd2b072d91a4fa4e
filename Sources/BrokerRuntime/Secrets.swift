internal import COpenSSL

/// SHA-256, random octets and the hashing of secrets, by OpenSSL.
public enum Secrets {
  /// The SHA-256 of the octets: 32 octets.
  public static func sha256(_ octets: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    SHA256(octets, octets.count, &digest)
    return digest
  }

  /// Octets that nobody can guess.
  public static func random(_ count: Int) -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: count)
    precondition(RAND_bytes(&octets, Int32(count)) == 1, "the system has no randomness")
    return octets
  }

  /// A new secret: 32 letters and digits that cannot be mistaken for each other.
  public static func make() -> String {
    let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZabcdefgh23456789".prefix(32))
    return String(random(32).map { letters[Int($0 & 31)] })
  }

  /// The form in which a secret is kept: `scrypt$log2N$r$p$salt$hash` in hexadecimal (RFC 7914).
  public static func hash(_ secret: String) -> String {
    let salt = random(16)
    return "scrypt$14$8$1$\(hexadecimal(salt))$\(hexadecimal(derive(secret, salt, logN: 14, r: 8, p: 1)))"
  }

  /// Whether the secret is the one that was hashed; takes the same time for every wrong one.
  public static func verify(_ secret: String, against hash: String) -> Bool {
    let parts = hash.split(separator: "$")
    guard parts.count == 6, parts[0] == "scrypt", let logN = UInt64(parts[1]), (10...20).contains(logN), let r = UInt64(parts[2]),
      (1...32).contains(r),
      let p = UInt64(parts[3]), (1...16).contains(p), let salt = octets(parts[4]), let expected = octets(parts[5])
    else { return false }
    let derived = derive(secret, salt, logN: logN, r: r, p: p)
    return derived.count == expected.count && CRYPTO_memcmp(derived, expected, expected.count) == 0
  }

  private static func derive(_ secret: String, _ salt: [UInt8], logN: UInt64, r: UInt64, p: UInt64) -> [UInt8] {
    var key = [UInt8](repeating: 0, count: 32)
    let password = Array(secret.utf8).map { CChar(bitPattern: $0) }
    let done = EVP_PBE_scrypt(password, password.count, salt, salt.count, 1 << logN, r, p, 128 << 20, &key, key.count)
    precondition(done == 1, "scrypt failed")
    return key
  }

  static func hexadecimal(_ octets: [UInt8]) -> String {
    octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func octets(_ text: Substring) -> [UInt8]? {
    guard text.utf8.count % 2 == 0 else { return nil }
    var result: [UInt8] = []
    var rest = text[...]
    while !rest.isEmpty {
      guard let octet = UInt8(rest.prefix(2), radix: 16) else { return nil }
      result.append(octet)
      rest = rest.dropFirst(2)
    }
    return result
  }
}
