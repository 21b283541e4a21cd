namespace Portal.Agent.Link.Keys;

/// <summary>Finishes rotations of the key: those that the portal has asked for, and at start those that an end of the process broke off.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed partial class KeyRotation(
    IdentityStore store, IdentityWatch identities, TimeProvider time, ILogger<KeyRotation> logger) : BackgroundService
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(30);

    // The answer to the portal's call goes out first: the portal cuts all that was opened with the old key.
    private static readonly TimeSpan s_answer = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _begun = new(0);

    /// <summary>Offers the portal a new key; the rest follows by itself.</summary>
    /// <returns>The new key's fingerprint.</returns>
    /// <exception cref="LinkException">The portal did not take it; the node signs in as before.</exception>
    public async Task<string> BeginAsync(CancellationToken cancellationToken)
    {
        var fingerprint = await KeyExchange.OfferAsync(store, cancellationToken).ConfigureAwait(false);
        _begun.Release();
        return fingerprint;
    }

    public override void Dispose()
    {
        base.Dispose();
        _begun.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await identities.WaitAsync(stoppingToken).ConfigureAwait(false);
            if (store.HasNextKey && !await FinishAsync(stoppingToken).ConfigureAwait(false))
            {
                await _begun.WaitAsync(s_retry, stoppingToken).ConfigureAwait(false);
                continue;
            }

            await _begun.WaitAsync(stoppingToken).ConfigureAwait(false);
            await Task.Delay(s_answer, time, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> FinishAsync(CancellationToken cancellationToken)
    {
        try
        {
            LogRotated(await KeyExchange.RunAsync(store, cancellationToken).ConfigureAwait(false));
            return true;
        }
        catch (LinkException failure)
        {
            LogWaiting(failure.Message);
            return false;
        }
    }

    [LoggerMessage(3120, LogLevel.Information, "This node signs in with a new key, {Fingerprint}; the portal refuses the old one.")]
    private partial void LogRotated(string fingerprint);

    [LoggerMessage(3121, LogLevel.Warning, "The rotation of this node's key waits: {Problem} It is tried again every half minute.")]
    private partial void LogWaiting(string problem);
}
