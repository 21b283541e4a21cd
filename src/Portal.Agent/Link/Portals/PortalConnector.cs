using System.Net.WebSockets;
using System.Security.Cryptography;

namespace Portal.Agent.Link.Portals;

/// <summary>Opens one of the two connections of the link to one portal, again and again until it stands.</summary>
/// <remarks>One for each connection, with a back-off of its own.</remarks>
internal sealed partial class PortalConnector(
    PortalTarget target, IdentityWatch identities, IdentityStore store, LinkStatus status, TimeProvider time,
    ILogger<PortalConnector> logger)
{
    // A connection that falls sooner counts as a failure: two agents with one identity would otherwise throw each other out without pause.
    private static readonly TimeSpan s_stood = TimeSpan.FromSeconds(3);

    private readonly ReconnectDelay _delay = new(Random.Shared);
    private string _lastProblem = "";
    private long? _connectedAt;

    /// <summary>Waits for an identity, then for a connection.</summary>
    /// <returns>The connection, and a token that is cancelled when the identity that it was made with is no longer ours.</returns>
    /// <exception cref="LinkException">The portal has ended (<see cref="LinkProblem.Gone"/>): this one is not to be asked for again.</exception>
    public async Task<(WebSocket Socket, CancellationToken IdentityChanged)> ConnectAsync(
        string path, string? subprotocol, CancellationToken cancellationToken)
    {
        await PaceAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var (identity, changed) = await identities.WaitAsync(cancellationToken).ConfigureAwait(false);
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(changed, cancellationToken);
            try
            {
                var socket = await DialAsync(identity, path, subprotocol, attempt.Token).ConfigureAwait(false);
                _connectedAt = time.GetTimestamp();
                _lastProblem = "";
                status.Tell("");
                return (socket, changed);
            }
            catch (LinkException failure) when (failure.Problem == LinkProblem.Gone)
            {
                throw;
            }
            catch (LinkException failure)
            {
                Tell(identity, failure);
                await Task.Delay(_delay.Next(failure.Problem), time, attempt.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (changed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // Joined anew or left meanwhile: begin again with what holds now.
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // The server that accepts by this would accept never again.
                var unknown = new LinkException(
                    $"The link to the portal at {identity.PortalUrl} could not be made.", LinkProblem.Failing, failure);
                Tell(identity, unknown);
                await Task.Delay(_delay.Next(unknown.Problem), time, attempt.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task PaceAsync(CancellationToken cancellationToken)
    {
        if (_connectedAt is not { } connectedAt)
        {
            return;
        }

        _connectedAt = null;
        if (time.GetElapsedTime(connectedAt) >= s_stood)
        {
            _delay.Reset();
            return;
        }

        await Task.Delay(_delay.Next(LinkProblem.Failing), time, cancellationToken).ConfigureAwait(false);
    }

    private async Task<WebSocket> DialAsync(
        AgentIdentity identity, string path, string? subprotocol, CancellationToken cancellationToken)
    {
        using var key = store.LoadKey();
        try
        {
            return await DialAsync(identity, key, path, subprotocol, cancellationToken).ConfigureAwait(false);
        }
        catch (LinkException failure) when (failure.Problem == LinkProblem.Refused)
        {
            // The key was replaced meanwhile, or a rotation was interrupted after the portal had taken the new one.
            using var other = store.LoadOtherKey(key);
            if (other is null)
            {
                throw;
            }

            var socket = await DialAsync(identity, other, path, subprotocol, cancellationToken).ConfigureAwait(false);
            store.FinishNextKey(other);
            return socket;
        }
    }

    private Task<WebSocket> DialAsync(
        AgentIdentity identity, ECDsa key, string path, string? subprotocol, CancellationToken cancellationToken) =>
        PortalSearch.FirstAsync(
            identity.Addresses,
            async address =>
            {
                using var dialer = new PortalDialer(address, target.Id);
                return await dialer.ConnectAsync(identity, key, path, subprotocol, cancellationToken).ConfigureAwait(false);
            });

    private void Tell(AgentIdentity identity, LinkException failure)
    {
        target.Failed();
        if (!target.IsWanted())
        {
            throw new LinkException("That portal has ended.", LinkProblem.Gone, failure);
        }

        // With a link to another portal the node is online, and nobody has to know.
        status.Tell(failure.Message);
        if (failure.Message == _lastProblem)
        {
            return;
        }

        _lastProblem = failure.Message;
        if (failure.Problem == LinkProblem.Refused)
        {
            LogRefused(identity.NodeName, identity.NodeId, failure.Message);
        }
        else
        {
            LogRetrying(failure.Message, failure);
        }
    }

    [LoggerMessage(
        3110,
        LogLevel.Error,
        "Node '{Name}' ({NodeId}) is refused: {Problem} Containers and the Docker socket go on; it is tried again every half minute.")]
    private partial void LogRefused(string name, Guid nodeId, string problem);

    [LoggerMessage(3111, LogLevel.Warning, "{Problem} It is tried again until it works.")]
    private partial void LogRetrying(string problem, Exception failure);
}
