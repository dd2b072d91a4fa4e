import ForeignORB
import TesseraProcess
import Testing

@Suite("1 Group marks of numbers") struct F01GroupMarks {
  @Test("13.75 is no 1375: a price with the other country's marks is refused with its place, and the right ones are read")
  func german() async throws {
    let desk = try await ValueDesk(price: "from=\"decimal(price, ',', '.')\"")
    #expect(
      try await desk.push(
        "A;1.234,50;;", "B;13.75;;", "C;0.99;;", "D;-1.234,5;;", "E;1234,5;;", "F;1.23.456;;", "G; 999,99 ;;", "H;1.5E3;;", "I;0.123;;")
        == [
          "A applied", "B rejected NOT_A_NUMBER", "C rejected NOT_A_NUMBER", "D rejected PRICE_NEGATIVE", "E applied",
          "F rejected NOT_A_NUMBER",
          "G applied", "H rejected NOT_A_NUMBER", "I rejected NOT_A_NUMBER",
        ])
    #expect(try await desk.price("A") == "1234.5000 EUR")
    #expect(try await desk.price("E") == "1234.5000 EUR")
    #expect(try await desk.price("G") == "999.9900 EUR")
    let message = try await desk.server.run("messages", "show", "1").output
    #expect(
      message.contains("\"13.75\" is no decimal number: character 6: a group has three digits") || message.contains("character 6"),
      "\(message)")
  }

  @Test("Neighbours: the other order, blanks of every width, apostrophes")
  func others() async throws {
    let english = try await ValueDesk(price: "from=\"decimal(price, '.', ',')\"")
    #expect(try await english.push("A;1,234.50;;", "B;13,75;;") == ["A applied", "B rejected NOT_A_NUMBER"])
    #expect(try await english.price("A") == "1234.5000 EUR")
    let french = try await ValueDesk(price: "from=\"decimal(price, ',', ' ')\"")
    #expect(
      try await french.push("A;1\u{202F}234,50;;", "B;13 75;;", "C;1\u{A0}234;;") == ["A applied", "B rejected NOT_A_NUMBER", "C applied"])
    #expect(try await french.price("A") == "1234.5000 EUR")
    let swiss = try await ValueDesk(price: "from=\"decimal(price, '.', &quot;'&quot;)\"")
    #expect(try await swiss.push("A;1\u{2019}234.50;;", "B;1'2;;") == ["A applied", "B rejected NOT_A_NUMBER"])
    #expect(try await swiss.price("A") == "1234.5000 EUR")
  }

  @Test("The marks may not be the same") func same() async throws {
    let desk = try await ValueDesk(price: "from=\"decimal(price, ',', ',')\"")
    let checked = try await desk.server.run("mapping", "check", "mappings/articles.xml", "--mappings", "mappings")
    #expect(checked.exit != .code(0) && checked.output.contains("are the same") || checked.errors.contains("are the same"), "\(checked)")
  }
}
