// A system whose ORB is omniORB C++: logs in and pushes batches of products, as the lines of its input say.
//
//   open   REFERENCE  SYSTEM  SECRET            opened
//   push   MESSAGE  COUNT, then a line each:    receipt  OUTCOME  RECEIVED-AT  COUNT, then a line each:
//     ID  VERSION|-  CODE  NAME  PRICE  CURRENCY  CATEGORY  UNIT     KEY  OUTCOME  CODE  PATH
//   close                                       closed
//
// Fields are separated by tabs. What is raised is answered as: raised  NAME  DETAIL

#include <interchange.hh>

#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace V1 = Interchange::V1;

static std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> result;
  std::stringstream stream(line);
  for (std::string field; std::getline(stream, field, '\t');) result.push_back(field);
  if (!line.empty() && line.back() == '\t') result.push_back("");
  return result;
}

static V1::Product product(const std::vector<std::string>& f) {
  V1::Product item;
  item.id = f.at(0).c_str();
  item.changedAt = 1000000;
  if (f.at(1) != "-") {
    item.sourceVersion.length(1);
    item.sourceVersion[0] = std::stoll(f[1]);
  }
  item.status = "active";
  item.code = f.at(2).c_str();
  item.name = f.at(3).c_str();
  item.description = "";
  item.specification = "";
  item.category = f.at(6).c_str();
  item.unit = f.at(7).c_str();
  item.listPrice.amount = CORBA::Fixed(f.at(4).c_str());
  item.listPrice.currency = f.at(5).c_str();
  item.priceIncludesTax = false;
  item.serialised = false;
  return item;
}

static void print(const V1::Receipt& receipt) {
  std::cout << "receipt\t" << receipt.outcome << "\t" << receipt.receivedAt << "\t" << receipt.results.length() << "\n";
  for (CORBA::ULong i = 0; i < receipt.results.length(); ++i) {
    const V1::ItemResult& r = receipt.results[i];
    std::cout << r.key << "\t" << r.outcome << "\t" << r.code << "\t" << r.path << "\n";
  }
}

int main(int argc, char** argv) {
  CORBA::ORB_var orb = CORBA::ORB_init(argc, argv);
  V1::Inbound_var session;
  for (std::string line; std::getline(std::cin, line);) {
    const std::vector<std::string> request = fields(line);
    try {
      if (request[0] == "open") {
        CORBA::Object_var object = orb->string_to_object(request.at(1).c_str());
        V1::Login_var login = V1::Login::_narrow(object);
        session = login->open(request.at(2).c_str(), request.at(3).c_str());
        std::cout << "opened\n";
      } else if (request[0] == "push") {
        V1::ProductSeq batch;
        const CORBA::ULong count = std::stoul(request.at(2));
        batch.length(count);
        for (CORBA::ULong i = 0; i < count && std::getline(std::cin, line); ++i) batch[i] = product(fields(line));
        V1::Receipt_var receipt = session->pushProducts(request.at(1).c_str(), batch);
        print(receipt);
      } else if (request[0] == "close") {
        session->close();
        std::cout << "closed\n";
      }
    } catch (const V1::NotAuthenticated& e) {
      std::cout << "raised\tNotAuthenticated\t" << e.explanation << "\n";
    } catch (const V1::MessageConflict& e) {
      std::cout << "raised\tMessageConflict\t" << e.firstReceivedAt << "\n";
    } catch (const V1::Refused& e) {
      std::cout << "raised\tRefused\t" << e.code << "\n";
    } catch (const CORBA::SystemException& e) {
      std::cout << "raised\t" << e._name() << "\t" << std::hex << e.minor() << std::dec << "\n";
    }
    std::cout << std::flush;
  }
  orb->destroy();
  return 0;
}
