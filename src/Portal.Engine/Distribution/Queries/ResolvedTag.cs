namespace Portal.Engine.Distribution.Queries;

/// <summary>What a tag points at in its registry.</summary>
/// <param name="Digest">The digest of the manifest or index, <c>sha256:</c> and 64 hexadecimal digits; null when the registry asks to come less
/// often.</param>
/// <param name="RetryAfter">How long the registry asks to stay away; null where it does not say, or answered.</param>
public sealed record ResolvedTag(string? Digest, TimeSpan? RetryAfter = null);
