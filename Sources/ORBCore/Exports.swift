// Users of the ORB write `SystemException(.badParameter)` or read an `IOR` and import this module alone, as generated code does.
@_exported public import GIOPCore

/// Where a transport reaches, or accepts, peers.
public typealias Endpoint = IIOPAddress
