import BrokerRuntime
import EAIChannel
import Testing

@Suite("Addresses of channels") struct ChannelAddressTests {
  static let names = ["sender", "ca", "timeout"]

  @Test("What stands behind # is for us and never sent")
  func fragment() throws {
    let address = try ChannelAddress(
      "https://erp.example:8443/u8eai/import.asp?set=1#sender=001&ca=/etc/own%20ca.pem", settings: Self.names)
    #expect(address.url == "https://erp.example:8443/u8eai/import.asp?set=1")
    #expect(address.isEncrypted)
    #expect(address.settings == ["sender": "001", "ca": "/etc/own ca.pem"])
    #expect(try ChannelAddress("http://10.0.0.1/", settings: []).isEncrypted == false)
  }

  @Test(
    "Mistakes are told before anything is sent",
    arguments: [
      ("IOR:000", "no URL of http or https"), ("ftp://erp/x", "no URL of http or https"), ("http:///path", "names no host"),
      ("http://me:secret@erp/x", "names a user"), ("http://erp/x y", "characters that a URL does not have"),
      ("http://erp/x#sendr=1", "no setting 'sendr'"), ("http://erp/x#sender", "has no value"), ("http://erp/x#sender=%F", "has no value"),
      ("http://erp/x#sender=1&sender=2", "stands behind # twice"),
    ])
  func mistakes(text: String, words: String) {
    let failure = #expect(throws: AdapterFailure.self) { try ChannelAddress(text, settings: Self.names) }
    #expect(failure?.code == "ADDRESS_INVALID")
    #expect(failure?.message.contains(words) == true, "\(String(describing: failure))")
  }

  @Test("Numbers have bounds")
  func numbers() throws {
    let address = try ChannelAddress("http://erp/#timeout=5", settings: Self.names)
    #expect(try address.number("timeout", in: 1...10, default: 3) == 5)
    #expect(try address.number("ca", in: 1...10, default: 3) == 3)
    #expect(throws: AdapterFailure.self) { try address.number("timeout", in: 1...4, default: 3) }
  }
}
