using Portal.Engine.Errors;

namespace Portal.Engine.Networks.Ports;

/// <summary>A port is in use that this engine gave back a moment ago: most likely by a copy of the socket that held it.</summary>
/// <remarks>
/// A process that the engine is starting has copies of all its sockets until it becomes its program, which on a busy host is long after
/// the port was given back.
/// </remarks>
internal sealed class LingeringPortException(string message) : EngineException(EngineErrorKind.Conflict, message);
