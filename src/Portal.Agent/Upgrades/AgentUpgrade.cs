using System.Security.Cryptography;
using Portal.Contracts.Hubs;
using Portal.Engine.Errors;
using Portal.Engine.Storage;

namespace Portal.Agent.Upgrades;

/// <summary>
/// Takes another version of this agent from the portal: receives and checks it, puts it on trial, and ends this process, in whose place the
/// launcher starts the new one. Until the last step nothing has changed but files that nobody reads.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed partial class AgentUpgrade(
    LaunchedVersion? version, IDurableFiles files, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<AgentUpgrade> logger)
    : IDisposable
{
    /// <summary>The exit code that tells the launcher, and the unit, to start the agent again.</summary>
    public const int StartAgain = 75;

    private const string NoLauncher = "The agent was not started as a service of this host, so nothing would come back from a version that "
        + "does not work. Upgrade it as it was started: by another image, or with its sources.";

    // Unpacked it takes three times the archive, and that lies beside it meanwhile.
    private const int SpaceFactor = 5;

    // The answer to the portal's call goes out first.
    private static readonly TimeSpan s_answer = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>The versions; null when no launcher started this process.</summary>
    public VersionFolder? Versions { get; } = version is null ? null : new VersionFolder(version, files);

    /// <summary>What this agent was built from; empty when nothing says so.</summary>
    public string Build => version?.Build ?? "";

    /// <summary>Why it can't be upgraded, for people; empty when it can.</summary>
    public string Obstacle => version is null ? NoLauncher : "";

    /// <summary>True when this process ends so that another version can begin.</summary>
    public bool RestartWanted { get; private set; }

    /// <summary>How the last upgrade ended.</summary>
    public AgentUpgradeEnd? LastEnd =>
        Versions?.LastEnd is var (record, succeeded)
            ? new AgentUpgradeEnd(record.Id, record.Build, succeeded, succeeded ? "" : Reason(record))
            : null;

    public static AgentUpgrade Make(IServiceProvider services, LaunchedVersion? version) => new(
        version,
        services.GetRequiredService<IDurableFiles>(),
        services.GetRequiredService<IHostApplicationLifetime>(),
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<AgentUpgrade>>());

    /// <summary>Takes a version, and ends this process soon after.</summary>
    /// <param name="offer">What comes.</param>
    /// <param name="archive">Its archive.</param>
    /// <param name="cancellationToken">Breaks it off: nothing has changed then.</param>
    /// <exception cref="EngineException">Invalid argument: it is not what was offered, or does not run here. Conflict: not now.</exception>
    public async Task TakeAsync(OfferedVersion offer, Stream archive, CancellationToken cancellationToken)
    {
        var versions = Versions ?? throw EngineException.Conflict(NoLauncher);
        if (!await _one.WaitAsync(0, cancellationToken).ConfigureAwait(false))
        {
            throw EngineException.Conflict("Another upgrade of this agent is under way. Wait for its end.");
        }

        try
        {
            CheckState(versions, offer);
            await ReceiveAsync(versions, offer, archive, cancellationToken).ConfigureAwait(false);
            versions.Begin(offer);
            RestartWanted = true;
            LogEnding(Build, offer.Build);
        }
        catch (IOException failure)
        {
            throw new EngineException(
                EngineErrorKind.Unavailable, $"The new version could not be written to '{version!.Folder}': {failure.Message}", failure);
        }
        finally
        {
            Tidy(versions);
            _one.Release();
        }

        _ = EndAsync();
    }

    public void Dispose() => _one.Dispose();

    private static string Reason(VersionRecord record) =>
        record.Reason.Length > 0 ? record.Reason : "It had not linked to the portal in time.";

    private void CheckState(VersionFolder versions, OfferedVersion offer)
    {
        if (RestartWanted || versions.Trial is not null)
        {
            throw EngineException.Conflict("An upgrade of this agent is not finished yet. Wait for its end.");
        }

        if (offer.Sha256 == version!.Name || offer.Build == version.Build)
        {
            throw EngineException.Conflict($"This agent is of the build {offer.Build} already.");
        }
    }

    private async Task ReceiveAsync(VersionFolder versions, OfferedVersion offer, Stream archive, CancellationToken cancellationToken)
    {
        versions.Make();
        versions.Prune();
        var free = new DriveInfo(version!.Folder).AvailableFreeSpace;
        if (free < offer.Size * SpaceFactor)
        {
            throw new EngineException(
                EngineErrorKind.Unavailable,
                $"The new version needs {(offer.Size * SpaceFactor) >> 20} MiB under '{version.Folder}', where {free >> 20} MiB are free. "
                + "Make room, with a prune of images for example, and try again.");
        }

        var file = new FileStream(versions.Incoming, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        await using (file.ConfigureAwait(false))
        {
            await CheckDigestAsync(offer, archive, file, cancellationToken).ConfigureAwait(false);
            file.Position = 0;
            await VersionArchive.UnpackAsync(file, versions.Unpacking(offer.Sha256), cancellationToken).ConfigureAwait(false);
        }

        await VersionProbe.CheckAsync(versions.Unpacking(offer.Sha256), offer.Build, cancellationToken).ConfigureAwait(false);
    }

    private static async Task CheckDigestAsync(
        OfferedVersion offer, Stream archive, FileStream file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (buffer, left) = (new byte[128 * 1024], offer.Size);
        while (await archive.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            left -= count;
            if (left < 0)
            {
                throw EngineException.InvalidArgument($"More than the {offer.Size} bytes came that were offered. Nothing was changed.");
            }

            hash.AppendData(buffer, 0, count);
            await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }

        if (left > 0)
        {
            throw EngineException.InvalidArgument($"The archive ended {left} bytes before its end. Nothing was changed.");
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != offer.Sha256)
        {
            throw EngineException.InvalidArgument("What came has not the digest that was offered. Nothing was changed.");
        }
    }

    // What was broken off goes at once; what can't go now, goes at the next start.
    private void Tidy(VersionFolder versions)
    {
        try
        {
            versions.Prune();
        }
        catch (IOException failure)
        {
            LogUntidy(version!.Folder, failure);
        }
    }

    private async Task EndAsync()
    {
        await Task.Delay(s_answer, time).ConfigureAwait(false);
        lifetime.StopApplication();
    }

    [LoggerMessage(3130, LogLevel.Information, "This agent ({Build}) ends so that {Next} can begin. Containers run on.")]
    private partial void LogEnding(string build, string next);

    [LoggerMessage(3131, LogLevel.Warning, "What an upgrade has left in '{Folder}' could not be removed.")]
    private partial void LogUntidy(string folder, Exception failure);
}
