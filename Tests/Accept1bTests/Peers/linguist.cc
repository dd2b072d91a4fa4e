// A linguist whose ORB is omniORB C++, on either side of the wire.
//
//   linguist serve              prints its reference, then serves until its input ends
//   linguist call REFERENCE     calls an operation for each line of its input:
//     OPERATION NUMBER...         NUMBER...
//     _set_motto NUMBER...        (nothing)
//
// Texts are octets of the program's own code set, or its wide characters. What is raised is answered as: raised NAME MINOR COMPLETED

#include <parley.hh>

#include <iostream>
#include <sstream>
#include <string>
#include <vector>

typedef std::vector<CORBA::ULong> Codes;

static Codes codes(const CORBA::WChar* text) { return Codes(text, text + wcslen(text)); }

static CORBA::WChar* wide(const Codes& codes) {
  CORBA::WChar* text = CORBA::wstring_alloc(codes.size());
  for (size_t i = 0; i < codes.size(); ++i) text[i] = codes[i];
  text[codes.size()] = 0;
  return text;
}

class Linguist : public POA_Parley::Linguist {
  CORBA::WString_var motto_ = CORBA::wstring_dup(L"");

public:
  Parley::Blob* codesOf(const char* text) override {
    Parley::Blob_var result = new Parley::Blob;
    result->length(strlen(text));
    for (CORBA::ULong i = 0; i < result->length(); ++i) result[i] = text[i];
    return result._retn();
  }

  char* textOf(const Parley::Blob& octets) override {
    return CORBA::string_dup(std::string((const char*)octets.get_buffer(), octets.length()).c_str());
  }

  Parley::Numerals* wideCodesOf(const CORBA::WChar* text) override {
    Parley::Numerals_var result = new Parley::Numerals;
    Codes all = codes(text);
    result->length(all.size());
    for (size_t i = 0; i < all.size(); ++i) result[i] = all[i];
    return result._retn();
  }

  CORBA::WChar* wideTextOf(const Parley::Numerals& units) override {
    return wide(Codes(units.get_buffer(), units.get_buffer() + units.length()));
  }

  CORBA::ULong codeOf(CORBA::WChar letter) override { return letter; }
  CORBA::WChar letterOf(CORBA::ULong unit) override { return unit; }
  CORBA::WChar* motto() override { return CORBA::wstring_dup(motto_); }
  void motto(const CORBA::WChar* text) override { motto_ = CORBA::wstring_dup(text); }
};

static void serve(CORBA::ORB_ptr orb) {
  PortableServer::POA_var poa = PortableServer::POA::_narrow(CORBA::Object_var(orb->resolve_initial_references("RootPOA")));
  PortableServer::ServantBase_var servant = new Linguist;
  PortableServer::ObjectId_var id = poa->activate_object(servant);
  PortableServer::POAManager_var(poa->the_POAManager())->activate();
  std::cout << CORBA::String_var(orb->object_to_string(CORBA::Object_var(poa->id_to_reference(id)))) << std::endl;
  for (std::string line; std::getline(std::cin, line);) {}
}

static Codes call(Parley::Linguist_ptr linguist, const std::string& operation, const Codes& arguments) {
  Parley::Blob octets;
  octets.length(arguments.size());
  for (size_t i = 0; i < arguments.size(); ++i) octets[i] = arguments[i];
  Codes result;
  if (operation == "codesOf") {
    Parley::Blob_var answer = linguist->codesOf(std::string(arguments.begin(), arguments.end()).c_str());
    for (CORBA::ULong i = 0; i < answer->length(); ++i) result.push_back(answer[i]);
  } else if (operation == "textOf") {
    CORBA::String_var answer = linguist->textOf(octets);
    for (const char* c = answer; *c; ++c) result.push_back((unsigned char)*c);
  } else if (operation == "wideCodesOf") {
    Parley::Numerals_var answer = linguist->wideCodesOf(CORBA::WString_var(wide(arguments)));
    for (CORBA::ULong i = 0; i < answer->length(); ++i) result.push_back(answer[i]);
  } else if (operation == "wideTextOf") {
    Parley::Numerals units(arguments.size(), arguments.size(), const_cast<CORBA::ULong*>(arguments.data()), false);
    result = codes(CORBA::WString_var(linguist->wideTextOf(units)));
  } else if (operation == "codeOf") {
    result.push_back(linguist->codeOf(arguments.at(0)));
  } else if (operation == "letterOf") {
    result.push_back(linguist->letterOf(arguments.at(0)));
  } else if (operation == "_get_motto") {
    result = codes(CORBA::WString_var(linguist->motto()));
  } else if (operation == "_set_motto") {
    linguist->motto(CORBA::WString_var(wide(arguments)));
  }
  return result;
}

int main(int argc, char** argv) {
  CORBA::ORB_var orb = CORBA::ORB_init(argc, argv);
  if (argc > 1 && std::string(argv[1]) == "serve") {
    serve(orb);
    orb->destroy();
    return 0;
  }
  CORBA::Object_var object = orb->string_to_object(argv[2]);
  Parley::Linguist_var linguist = Parley::Linguist::_unchecked_narrow(object);
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string operation;
    words >> operation;
    Codes arguments;
    for (CORBA::ULong number; words >> number;) arguments.push_back(number);
    try {
      std::ostringstream answer;
      for (CORBA::ULong number : call(linguist, operation, arguments)) answer << number << " ";
      std::cout << answer.str() << std::endl;
    } catch (const CORBA::SystemException& e) {
      const char* completed[] = {"COMPLETED_YES", "COMPLETED_NO", "COMPLETED_MAYBE"};
      std::cout << "raised " << e._name() << " " << e.minor() << " " << completed[e.completed()] << std::endl;
    }
  }
  orb->destroy();
  return 0;
}
