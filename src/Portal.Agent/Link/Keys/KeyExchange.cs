using System.Security.Cryptography;
using Portal.Agent.Link.Portals;
using Portal.Contracts.Link;

namespace Portal.Agent.Link.Keys;

/// <summary>
/// Replaces this node's key, in steps after each of which agent, host and portal may stop: the new key is on disk before the portal hears
/// of it, the portal keeps both until one request was proved with the new one, and the old file goes only after that.
/// </summary>
internal static class KeyExchange
{
    /// <summary>All steps. A rotation that was begun before goes on with the key of then.</summary>
    /// <returns>The new key's fingerprint.</returns>
    /// <exception cref="LinkException">It could not be done now; the node signs in as before, or with the new key where the portal
    /// has taken it.</exception>
    public static async Task<string> RunAsync(IdentityStore store, CancellationToken cancellationToken)
    {
        try
        {
            await OfferAsync(store, cancellationToken).ConfigureAwait(false);
        }
        catch (LinkException failure) when (failure.Problem == LinkProblem.Refused && store.HasNextKey)
        {
            // The portal may have taken the new key before an interruption, and refuses the old one for that.
        }

        return await ConfirmAsync(store, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes the new key, and shows it to the portal: from now on it takes either.</summary>
    /// <returns>The new key's fingerprint.</returns>
    public static async Task<string> OfferAsync(IdentityStore store, CancellationToken cancellationToken)
    {
        var identity = Demand(store);
        using var key = store.LoadKey();
        using var next = store.BeginNextKey();
        await OfferAsync(identity, key, next, cancellationToken).ConfigureAwait(false);
        return FingerprintOf(next);
    }

    /// <summary>Proves this node with the new key, which makes the portal refuse the old one, and keeps it.</summary>
    /// <returns>The new key's fingerprint.</returns>
    public static async Task<string> ConfirmAsync(IdentityStore store, CancellationToken cancellationToken)
    {
        var identity = Demand(store);
        using var next = store.LoadNextKey();
        if (next is null)
        {
            // The agent, or a command beside this one, was faster.
            using var current = store.LoadKey();
            return FingerprintOf(current);
        }

        await OfferAsync(identity, next, next, cancellationToken).ConfigureAwait(false);
        store.FinishNextKey(next);
        return FingerprintOf(next);
    }

    private static Task OfferAsync(AgentIdentity identity, ECDsa key, ECDsa offered, CancellationToken cancellationToken) =>
        PortalSearch.FirstAsync(
            identity.Addresses,
            async address =>
            {
                using var dialer = new PortalDialer(address);
                await dialer.OfferKeyAsync(identity, key, offered, cancellationToken).ConfigureAwait(false);
                return true;
            });

    private static AgentIdentity Demand(IdentityStore store) =>
        store.Load() ?? throw new LinkException("This host has not joined a portal, so it has no key yet.", LinkProblem.Refused);

    private static string FingerprintOf(ECDsa key) => KeyFingerprint.Of(key.ExportSubjectPublicKeyInfo());
}
