public import InterchangeIDL

extension Interchange.V1.OrderResponse: ExaminedObject {
  public func examine() -> [Finding] {
    var examination = Examination()
    examination.common(status: status, attributes: attributes)
    examination.text(key, "key", atMost: 255, required: true)
    if revision < 1 { examination.find("REVISION_INVALID", "revision", "the revision \(revision) is below 1") }
    examination.word(outcome, "outcome", of: ["accepted", "partial", "refused"])
    examination.text(orderNumber, "orderNumber", atMost: 255, required: outcome != "refused" && revision == 1)
    examination.text(customerNumber, "customerNumber", atMost: 255)
    examination.text(code, "code", atMost: 100)
    examination.text(explanation, "explanation", atMost: 2_000)
    if lines.count > ContractRules.greatestLineCount {
      examination.find("TOO_MANY", "lines", "there are \(lines.count) lines; an order has at most \(ContractRules.greatestLineCount)")
    }
    var numbers: Set<Int32> = []
    for (index, line) in lines.prefix(ContractRules.greatestLineCount).enumerated() {
      let path = "lines[\(index + 1)]"
      if line.number < 1 || !numbers.insert(line.number).inserted {
        examination.find("LINE_NUMBER", "\(path)/number", "the line number \(line.number) is below 1 or used twice")
      }
      examination.word(line.outcome, "\(path)/outcome", of: ["accepted", "refused"])
      examination.text(line.code, "\(path)/code", atMost: 100)
      examination.text(line.explanation, "\(path)/explanation", atMost: 2_000)
    }
    return examination.findings
  }
}
