namespace Portal.Web.Features.Rest.Nodes;

/// <summary>The key that a node signs in with.</summary>
/// <param name="Fingerprint">As people compare it: eight groups of four hexadecimal digits.</param>
internal sealed record NodeKeyItem(string Fingerprint);
