namespace Portal.Engine.Distribution.Signatures;

/// <summary>A public key that images may have been signed with. Which keys are trusted, and what they are, is not the engine's business.</summary>
public interface ISignatureKey
{
    /// <summary>What tells it from all others; kept with the images that it signed.</summary>
    string Fingerprint { get; }

    /// <summary>Whether it is a signature of these bytes by this key. Must not throw, whatever the bytes are.</summary>
    bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);
}
