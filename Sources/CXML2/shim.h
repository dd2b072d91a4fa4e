#ifndef TESSERA_CXML2_SHIM_H
#define TESSERA_CXML2_SHIM_H

// The parts of libxml2 that XMLStream uses: the SAX2 push parser, schemas, and what makes the library refuse to open files.
#include <libxml/xmlversion.h>
// Debian's libxml2 names ICU in its headers, whose types clash with those of the ICU inside of Foundation wherever one module sees
// both. The ICU part of the converter's struct stands at its end and is used by nobody here.
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlIO.h>
#include <libxml/uri.h>
#include <libxml/catalog.h>
#include <libxml/xmlschemas.h>
#include <libxml/schemasInternals.h>

/// Frees a string that libxml2 returned; its own function is a variable, which Swift 6 does not let threads share.
static inline void tessera_xml_free(void *memory) { xmlFree(memory); }

#endif
