using Portal.Contracts.Policies.Signing;
using Portal.Engine.Distribution.Signatures;

namespace Portal.Agent.Policies.Engine;

/// <summary>A key of a policy, as the engine wants it.</summary>
internal sealed class TrustedKey(SigningKey key) : ISignatureKey
{
    public string Fingerprint => key.Fingerprint;

    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => key.Verifies(data, signature);
}
