namespace Portal.Web.Features.Webhooks.Receiving;

/// <summary>A call of a webhook as it came.</summary>
/// <param name="Headers">By lower-case name; one that stood there twice is left out, since no provider sends two.</param>
/// <param name="Token">The secret from the address, where there is one.</param>
/// <param name="Body">All of it, unchanged: signatures cover it.</param>
/// <param name="Address">Where it came from.</param>
internal sealed record HookRequest(IReadOnlyDictionary<string, string> Headers, string Token, ReadOnlyMemory<byte> Body, string Address);
