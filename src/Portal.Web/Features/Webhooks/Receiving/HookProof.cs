namespace Portal.Web.Features.Webhooks.Receiving;

/// <summary>What a sender that proved itself has said about its delivery.</summary>
/// <param name="Key">How the sender names it; null when it does not.</param>
/// <param name="Digest">SHA-256 of what is signed, which tells a copy that comes under another name; null when nothing is signed.</param>
/// <param name="IsLate">It is signed with a time that is too far from now.</param>
internal sealed record HookProof(string? Key, byte[]? Digest, bool IsLate = false);
