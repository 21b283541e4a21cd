namespace Portal.Engine.Api.Calls;

/// <summary>A request of Docker's API that came by no socket.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Decoded, with or without a version.</param>
/// <param name="Query">With its question mark, or empty.</param>
/// <param name="Headers">As they came.</param>
/// <param name="Body">The request's body.</param>
/// <param name="Connection">What the client sends once its connection is taken over; at its end when the client has ended its side.</param>
public sealed record DockerCallRequest(
    string Method,
    string Path,
    string Query,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    Stream Body,
    Stream Connection);
