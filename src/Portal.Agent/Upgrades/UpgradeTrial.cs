using Portal.Agent.Hosting;
using Portal.Agent.Link;

namespace Portal.Agent.Upgrades;

/// <summary>Keeps a version that is on trial, once it has linked to the portal and its engine answers; and removes those that nobody needs.</summary>
/// <remarks>A hosted service. It has no deadline: the launcher, which is no part of this version, has.</remarks>
internal sealed partial class UpgradeTrial(AgentUpgrade upgrade, LinkStatus link, AgentPaths paths, ILogger<UpgradeTrial> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (upgrade.Versions is not { } versions)
        {
            return;
        }

        try
        {
            versions.Prune();
            if (versions.Trial is not { } trial)
            {
                return;
            }

            LogOnTrial(trial.Build);
            await link.FirstOnline.WaitAsync(stoppingToken).ConfigureAwait(false);
            await AgentReport.PingAsync(paths.DockerSocket, stoppingToken).ConfigureAwait(false);
            if (versions.Confirm())
            {
                LogKept(trial.Build);
                versions.Prune();
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // An agent whose trial can't be ended well goes on until the launcher ends it.
            LogFailed(failure);
        }
    }

    [LoggerMessage(3132, LogLevel.Information, "This version ({Build}) is on trial: it is kept once it has linked to the portal.")]
    private partial void LogOnTrial(string build);

    [LoggerMessage(3133, LogLevel.Information, "This version ({Build}) has linked to the portal, and is kept.")]
    private partial void LogKept(string build);

    [LoggerMessage(3134, LogLevel.Error, "The versions of the agent could not be looked after.")]
    private partial void LogFailed(Exception failure);
}
