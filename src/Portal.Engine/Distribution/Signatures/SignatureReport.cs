namespace Portal.Engine.Distribution.Signatures;

/// <summary>What was found of an image's signatures.</summary>
/// <param name="Verified">The good ones, by keys that were asked for.</param>
/// <param name="Problem">
/// What is wrong with the others, or that there are none, as a clause for the user that begins with a small letter; empty when what was found
/// was enough.
/// </param>
public sealed record SignatureReport(IReadOnlyList<VerifiedSignature> Verified, string Problem)
{
    /// <summary>The fingerprints of the keys of the good ones.</summary>
    public IReadOnlyCollection<string> Keys => [.. Verified.Select(signature => signature.Key).Distinct()];
}
