// The Swift of this target is generated from parley.idl.
