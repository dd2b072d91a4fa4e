import Glibc

/// One line of output: a flat JSON object.
struct Line {
  private var members: [String] = []
  private let options: Options

  init(_ workload: String, _ name: String, _ options: Options) {
    self.options = options
    add("workload", text: workload)
    add("name", text: name)
    add("client", text: options.label)
  }

  mutating func add(_ name: String, text: String) { members.append("\"\(name)\":\"\(text)\"") }
  mutating func add(_ name: String, _ number: Int) { members.append("\"\(name)\":\(number)") }
  mutating func add(_ name: String, _ number: Double) { members.append("\"\(name)\":" + (number.isNaN ? "null" : Self.short(number))) }

  /// What every timed workload says.
  mutating func add(_ result: Measurement, callers: Int) {
    let millions = Double(result.calls) / 1e6
    add("threads", callers)
    add("calls", result.calls)
    add("seconds", result.seconds)
    add("calls_per_s", Double(result.calls) / result.seconds)
    add("p50_us", result.percentile(0.5))
    add("p99_us", result.percentile(0.99))
    add("p999_us", result.percentile(0.999))
    add("server_cpu_s_per_million", result.serverTime / millions)
    add("client_cpu_s_per_million", result.clientTime / millions)
    add("foreign_cores", result.foreignCores)
    add("server_rss_kb", status(of: options.serverPID, "VmRSS:"))
  }

  /// What workloads that move products say beside.
  mutating func add(products: Int, octets: Int, of result: Measurement) {
    add("products_per_s", Double(result.calls * products) / result.seconds)
    add("MB_per_s", Double(result.calls * octets) / result.seconds / 1e6)
    add("cdr_bytes", octets)
  }

  func write() {
    print("{" + members.joined(separator: ",") + "}")
    fflush(nil)
  }

  private static func short(_ number: Double) -> String {
    var text = [CChar](repeating: 0, count: 40)
    _ = withVaList([number]) { vsnprintf(&text, 40, "%.6g", $0) }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
