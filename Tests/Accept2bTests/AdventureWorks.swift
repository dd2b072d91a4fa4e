import ForeignORB
import TesseraProcess

/// The catalogue of AdventureWorks as a system pushes it: units, categories (groups and their subcategories), products.
struct AdventureWorks {
  let units: [JSON]
  let groups: [JSON]
  let subcategories: [(id: String, document: JSON)]
  let products: [Product]

  struct Product {
    let id: String
    let code: String
    let name: String
    let category: String
    let price: String
    let isOnSale: Bool

    /// - Parameter currency: of its price.
    func document(version: Int = 1, name: String? = nil, currency: String = "USD") -> JSON {
      Document.product(
        id, version: version, code: code, name: name ?? self.name, price: price, currency: currency, category: category, unit: "EA",
        status: isOnSale ? "active" : "discontinued")
    }
  }

  init() throws {
    func rows(_ file: String) throws -> [[String: String]] { try CSV.rows(ofFile: Corpus.path("adventureworks/\(file)")) }
    units = try rows("UnitMeasure.csv").map { row in
      // Three characters, filled up with blanks.
      let code = String(row["UnitMeasureCode", default: ""].prefix { $0 != " " })
      return Document.unit(code, name: row["Name"])
    }
    groups = try rows("ProductCategory.csv").map { row in
      Document.category("group-\(row["ProductCategoryID", default: ""])", name: row["Name"])
    }
    subcategories = try rows("ProductSubcategory.csv").map { row in
      let id = row["ProductSubcategoryID", default: ""]
      return (id, Document.category(id, code: "sub-\(id)", name: row["Name"], parent: "group-\(row["ProductCategoryID", default: ""])"))
    }
    products = try rows("Product.csv").map { row in
      let price = row["ListPrice", default: ""]
      return Product(
        id: row["ProductID", default: ""], code: row["ProductNumber", default: ""], name: row["Name", default: ""],
        category: row["ProductSubcategoryID", default: ""], price: price.hasPrefix(".") ? "0\(price)" : price,
        isOnSale: row["SellEndDate", default: ""].isEmpty)
    }
  }
}
