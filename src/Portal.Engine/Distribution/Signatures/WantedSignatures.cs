namespace Portal.Engine.Distribution.Signatures;

/// <summary>Which signatures somebody wants to see of an image.</summary>
/// <param name="Keys">The keys that count; signatures by others are passed over.</param>
/// <param name="AreEnough">Whether signatures by keys with these fingerprints are enough: then no further ones are looked for.</param>
public sealed record WantedSignatures(IReadOnlyList<ISignatureKey> Keys, Func<IReadOnlyCollection<string>, bool> AreEnough);
