// The Swift of this target is generated from its IDL; SwiftPM wants one source file that is there before.
