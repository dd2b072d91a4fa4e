import Broker
import Identity
import Mapping
import StoreAPI

// Messages that hold everything.
extension BrokerEngine {
  /// Adds to a message what follows from the things that it does not mention.
  ///
  /// - Parameter earlier: what the parts before say, where it is the last part of a document.
  static func addMissing(
    to batch: inout InboundBatch, _ everything: Everything, _ reader: any StoreReader, _ environment: StepEnvironment,
    earlier: EarlierMentions = EarlierMentions()
  ) throws {
    let mentioned = batch.mentions.keys.union(earlier.keys)
    // What is mentioned in another spelling waits for a person (`NEAR_MISS`), and until then nothing ends.
    let holdsNear = environment.nearMisses(of: everything.entity, in: batch.system) == .hold
    let folds = holdsNear ? Set(mentioned.lazy.filter { $0.entity == everything.entity }.map(\.folded)) : []
    var (missing, standing, after): ([LinkKey], Int, LinkKey?) = ([], 0, nil)
    while true {
      let page = try reader.links(entity: everything.entity, system: batch.system, after: after, limit: 1000)
      guard let last = page.last else { break }
      after = last.key
      let others = page.filter {
        !mentioned.contains($0.key) && (folds.isEmpty || !folds.contains($0.key.folded))
      }
      standing += page.count - others.count
      if others.isEmpty { continue }
      var needs = Needs()
      needs.links = Set(others.map(\.key))
      needs.systems = [batch.system, crmSystem]
      needs.objectsOfLinks = true
      let set = try reader.load(needs)
      for link in others {
        guard let id = set.id(of: link.common, in: crmSystem),
          let object = set.objects[LinkKey(entity: everything.entity, system: crmSystem, id: ForeignID(id))], object.status != "inactive"
        else { continue }
        missing.append(link.key)
      }
    }
    batch.add(missing: missing, of: standing + missing.count, everything, earlier, environment)
  }
}
