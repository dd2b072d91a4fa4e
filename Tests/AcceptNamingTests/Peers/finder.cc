// A system whose ORB is omniORB C++: finds the log-in by its name, opens a session, pushes one product.
//
//   finder url CORBANAME SYSTEM SECRET                                  the ORB resolves the URL
//   finder service NAME SYSTEM SECRET -ORBInitRef NameService=…         the program asks the naming service itself
//
// Prints the receipt: OUTCOME KEY OUTCOME.

#include <interchange.hh>

#include <cstring>
#include <iostream>

namespace V1 = Interchange::V1;

static CORBA::Object_ptr find(CORBA::ORB_ptr orb, const char* how, const char* what) {
  if (!std::strcmp(how, "url")) return orb->string_to_object(what);
  CORBA::Object_var service = orb->resolve_initial_references("NameService");
  CosNaming::NamingContextExt_var names = CosNaming::NamingContextExt::_narrow(service);
  if (CORBA::is_nil(names)) return CORBA::Object::_nil();
  return names->resolve_str(what);
}

int main(int argc, char** argv) {
  CORBA::ORB_var orb = CORBA::ORB_init(argc, argv);
  try {
    CORBA::Object_var found = find(orb, argv[1], argv[2]);
    V1::Login_var login = V1::Login::_narrow(found);
    if (CORBA::is_nil(login)) {
      std::cerr << "the name is bound to no Login" << std::endl;
      return 1;
    }
    V1::Inbound_var session = login->open(argv[3], argv[4]);
    V1::ProductSeq batch;
    batch.length(1);
    batch[0].id = "SKU-1";
    batch[0].changedAt = 1000000;
    batch[0].status = "active";
    batch[0].code = "SKU-1";
    batch[0].name = "Bolt M8";
    batch[0].description = "";
    batch[0].specification = "";
    batch[0].category = "";
    batch[0].unit = "";
    batch[0].listPrice.amount = CORBA::Fixed("0.3500");
    batch[0].listPrice.currency = "EUR";
    batch[0].priceIncludesTax = false;
    batch[0].serialised = false;
    V1::Receipt_var receipt = session->pushProducts("m-1", batch);
    std::cout << receipt->outcome << " " << receipt->results[0].key << " " << receipt->results[0].outcome << std::endl;
    session->close();
  } catch (CORBA::Exception& raised) {
    std::cerr << raised._rep_id() << std::endl;
    return 1;
  }
  orb->destroy();
}
