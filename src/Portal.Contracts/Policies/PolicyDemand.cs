namespace Portal.Contracts.Policies;

/// <summary>One thing that a request asks for and on which a policy may rule.</summary>
/// <param name="Rule">Which rule decides.</param>
/// <param name="Value">
/// What is asked for: a path, a repository, a namespace, a device, a capability, a type, bytes (0 for no limit), or words.
/// </param>
/// <param name="Key">Where in the request it stands, such as <c>HostConfig.Binds</c>, or words that say so.</param>
/// <param name="Writes">Of a path: whether it is mounted writable.</param>
/// <param name="SignedBy">
/// Of an image: the fingerprints of the keys (<see cref="Signing.SigningKey.Fingerprint"/>) whose signatures of it were seen and are good. Null
/// before anybody looked: then the agent will, which alone can.
/// </param>
public sealed record PolicyDemand(
    PolicyRule Rule, string Value, string Key, bool Writes = false, IReadOnlyCollection<string>? SignedBy = null);
