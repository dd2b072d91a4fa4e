/// The name by which mapping files call the types of SampleERP.idl: `sample-erp:Item`.
public enum SampleERPDialect {
  public static let name = "sample-erp"
}
