using Portal.Contracts.Policies;

namespace Portal.Agent.Policies;

/// <summary>The policies that one call is held to.</summary>
/// <remarks>Ends with the call: what it set in motion and goes on is not held to it.</remarks>
internal sealed class PolicyScope(IReadOnlyList<Policy> policies) : IDisposable
{
    private volatile bool _hasEnded;

    public IReadOnlyList<Policy> Policies => _hasEnded ? [] : policies;

    public void Dispose() => _hasEnded = true;
}
